# ruff: noqa: RUF001 - people write in their own scripts
"""Text files as people write them, in several scripts."""

NOTES: dict[str, str] = {
    "accents": (
        "Ça va mieux cette semaine. J'ai dormi sept heures, et le médecin m'a dit "
        "d'arrêter le café après midi — dommage !\n\n"
        "Fragen für Dienstag:\n- Darf ich Grapefruit essen?\n"
        "- Größere Manschette für den Oberarm?\n\n"
        "Ból głowy: środa i czwartek, lżejszy niż ostatnio. Příští týden začnu "
        "s plaváním. Mañana llamaré a la enfermera Núñez.\n"
    ),
    "chinese": (
        "这个星期感觉好多了。\n早上量血压：一百二十八／七十九。\n"
        "晚饭后散步三十分钟，没有头晕。\n下次想问医生：药可以和茶一起吃吗？\n"
    ),
    "japanese": (
        "今週は体調が良かったです。\n朝の血圧は安定していて、夜もよく眠れました。\n"
        "水曜日に少し頭痛がありましたが、お茶を飲んで休んだら治りました。\n"
        "次の診察で薬を飲む時間について聞きたいです。\n"
    ),
    "arabic": (
        "شعرت بتحسن هذا الأسبوع والحمد لله.\n"
        "قياس ضغط الدم صباح الاثنين: 128/79.\n"
        "أريد أن أسأل الطبيبة: هل يمكن تناول الدواء بعد الإفطار؟\n"
    ),
    "hebrew": (
        "השבוע הרגשתי טוב יותר.\n"
        "ביום שלישי היה לי כאב ראש קל, אבל הוא עבר אחרי מנוחה.\n"
        "לשאול בביקור הבא: האם מותר לשחות (20 בריכות)?\n"
    ),
    "emoji": (
        "Mon 😴 slept badly\nTue 🙂 better\nWed 🤕 headache from 3 to 5 pm\n"
        "Thu 🚶‍♀️ 6,400 steps\nFri 💊✅ everything on time\n"
        "Sat 👨‍👩‍👧 family visit ❤️\nSun 🌧️☕📖 quiet\n"
    ),
}
"""By script; right-to-left lines hold numbers, which run left to right."""
