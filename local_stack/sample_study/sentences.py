"""What participants and study teams say to each other; all of it invented."""

DIARY: dict[int, tuple[str, ...]] = {
    1: (
        "A hard day. I stayed in bed until noon and my sister brought soup.",
        "Hardly slept, and the headache would not go. I rang the nurse, who was kind.",
        "Everything felt heavy today. Tomorrow I will ask for an earlier appointment.",
        "The dizziness came back on the stairs. I sat down until it had passed.",
        "I cried a little this morning. Talking to my neighbour helped.",
    ),
    2: (
        "Tired again, but I managed to cook for myself.",
        "The itching woke me twice. A cool cloth helped.",
        "Not my best day. I skipped choir and read by the window instead.",
        "My legs were swollen in the evening, so I put them up on two cushions.",
        "A bit low. The rain did not help, the phone call from my grandson did.",
        "Forgot the morning tablet and took it at lunch, as the leaflet says.",
    ),
    3: (
        "An ordinary day, neither good nor bad.",
        "Work was long. I took my tablets on time and went to bed early.",
        "Some stiffness in the morning that had gone by ten.",
        "Did the shopping on foot and had to rest once on the bench by the river.",
        "The tablets are easier to swallow with yoghurt. Otherwise nothing new.",
        "Slept six hours, which is fine for me.",
        "Went to the market. The peaches are not ripe yet.",
        "Quiet day at home, a little gardening, a long bath.",
    ),
    4: (
        "Walked to the lake and back without a break!",
        "Slept through the night for the first time this week.",
        "My skin feels calmer and I wore short sleeves again.",
        "Lunch with old colleagues. We laughed until the waiter joined in.",
        "Played cards with the children and forgot about the study for a while.",
        "Good energy all day. I finally repaired the kitchen drawer.",
        "The new routine works: tablets, tea, ten minutes of stretching.",
        "Swam twenty lengths, slowly, and felt well afterwards.",
    ),
    5: (
        "A wonderful day. We danced at my niece's wedding until midnight.",
        "No symptoms at all. I had almost forgotten what that is like.",
        "Climbed the hill behind the village and could see the sea.",
        "The doctor is pleased and so am I. We celebrated with pancakes.",
        "Woke up before the alarm, rested and happy.",
        "First time back on my bicycle since spring!",
    ),
}
"""By mood, from 1 (very low) to 5 (very good)."""

DIARY_ENDINGS = (
    "",
    "",
    "Blood pressure was easy to measure today.",
    "I drank enough, about two litres.",
    "Must remember to bring the pill box to the next visit.",
    "The weather is turning.",
    "Took everything as planned.",
    "My daughter reminded me of the evening dose.",
    "Grateful for small things.",
    "Question for the visit: may I have grapefruit?",
)

TEAM_MESSAGES = (
    "Thank you for filling in your diary so carefully. It really helps.",
    "Your next visit is confirmed. Please come without breakfast; we have fruit here.",
    "Your results have arrived. Nothing to worry about; we will go through them.",
    "We noticed two missing measurements. No harm done: just carry on from today.",
    "The lift is being repaired next week. Ring the bell and we will come down to you.",
    "A gentle reminder to bring your pill box, also if it is not empty.",
    "Travelling is fine. Keep the tablets in your hand luggage and tell us the dates.",
    "Yes, you may have the flu vaccination. Please note the day in your diary.",
    "Sorry that you had to wait on Tuesday. We have changed the timetable.",
    "We are glad to hear that you are sleeping better.",
    "If the dizziness comes back, sit down, drink something, and call us at any hour.",
    "You can stop taking part whenever you like, and your care stays the same.",
)

PARTICIPANT_MESSAGES = (
    "May I move my visit to the afternoon? My son can drive me then.",
    "The cuff is too tight for my arm. Do you have a larger one?",
    "Thank you for calling back so quickly yesterday.",
    "I have sent a photo of the spot that I mentioned.",
    "Is it all right to take the evening tablet an hour later on Fridays?",
    "I shall be at my mother's next week, but I have packed everything.",
    "The app logged me out twice. It works again now.",
)

SENDERS = ("Study nurse Ingrid", "Dr. Achieng", "Study team", "Pharmacist Rui")

ADVERSE_EVENTS = (
    "Mild headache in the afternoon, gone after resting",
    "Dizziness when standing up quickly",
    "Dry cough at night",
    "Reddened, itching skin on the left forearm",
    "Nausea for about an hour after the morning dose",
    "Swollen ankles in the evening",
    "Muscle ache in both calves after a walk",
    "Stuffy nose and a slight sore throat",
)

VISITS = (
    "Measurement and talk",
    "Laboratory and weight",
    "Video call with the study nurse",
    "Check of the medication",
    "Skin examination",
)

CAPTIONS: dict[str, tuple[str, ...]] = {
    "landscape": (
        "The view from Sunday's walk",
        "Made it to the top, pulse 96",
        "Where I rest my legs",
    ),
    "pill box": (
        "My pill box on Wednesday evening",
        "Is this the right order?",
        "Tablets for the rest of the week",
    ),
    "forearm": (
        "The red patch on my arm, day 3",
        "Same place as last week, paler I think",
        "After two days of the cream",
    ),
    "screenshot": ("From my blood pressure app", "The week in my app"),
    "letter": ("Letter from my eye doctor", "Appointment card", "Vaccination slip"),
    "note": ("My notes of the week", "Things I want to ask", "Written down at night"),
}
