# ruff: noqa: RUF001 - people write their names in their own scripts
"""Where the invented participants live, and what people there may be called."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A study site: its city, clock and coordinates, and some invented names."""

    city: str
    time_zone: str
    latitude: float
    longitude: float
    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool = False

    def name(self, given: str, family: str) -> str:
        """Return a full name in the order of the place."""
        return f"{family} {given}" if self.family_first else f"{given} {family}"


PLACES = (
    Place(
        "Berlin",
        "Europe/Berlin",
        52.52,
        13.4,
        ("Mira", "Jörg", "Anneliese", "Tönjes", "Frieda", "Björn"),
        ("Ackermoos", "Möwenthal", "Strauß", "Käferlein", "Brückner", "Tannwald"),
    ),
    Place(
        "New York",
        "America/New_York",
        40.71,
        -74.01,
        ("Dolores", "Marcus", "Evelyn", "Tyrone", "Abigail", "Hank"),
        ("Fairweather", "O'Malleyson", "Baptiste", "Whitlock-Reyes", "Stone"),
    ),
    Place(
        "東京",
        "Asia/Tokyo",
        35.68,
        139.69,
        ("さくら", "陽翔", "美咲", "健太", "ひなた"),
        ("高橋", "森川", "藤野", "石田", "小松原"),
        family_first=True,
    ),
    Place(
        "Nairobi",
        "Africa/Nairobi",
        -1.29,
        36.82,
        ("Wanjirũ", "Otieno", "Akinyi", "Kamau", "Njeri"),
        ("Mwangaza", "Odhiambo", "Kipchirchir", "Wekesa", "Muthoni"),
    ),
    Place(
        "Auckland",
        "Pacific/Auckland",
        -36.85,
        174.76,
        ("Aroha", "Wiremu", "Mere", "Tāne", "Ngaire"),
        ("Te Whetū", "Parata", "Ngāwhare", "Harrington", "Kererū"),
    ),
    Place(
        "São Paulo",
        "America/Sao_Paulo",
        -23.55,
        -46.63,
        ("João", "Conceição", "Thaís", "Antônio", "Luíza"),
        ("Magalhães", "da Conceição Araújo", "Simões", "Falcão", "Brandão"),
    ),
    Place(
        "Kolkata",
        "Asia/Kolkata",
        22.57,
        88.36,
        ("Ananya", "Rohit", "Sharmila", "Debashish", "Meenakshi"),
        ("Chattopadhyay", "Banerjee", "Sengupta", "Iyer", "Mukherjee"),
    ),
    Place(
        "Warszawa",
        "Europe/Warsaw",
        52.23,
        21.01,
        ("Łukasz", "Małgorzata", "Świętosława", "Grażyna", "Paweł"),
        ("Źrebiec", "Wiśniewska", "Gżegżółka", "Dąbek", "Łabędź"),
    ),
    Place(
        "القاهرة",
        "Africa/Cairo",
        30.04,
        31.24,
        ("ليلى", "يوسف", "مريم", "كريم", "نور"),
        ("الخطيب", "المصري", "حسنين", "الشاذلي", "منصور"),
    ),
    Place(
        "Honolulu",
        "Pacific/Honolulu",
        21.31,
        -157.86,
        ("Kaimana", "Leilani", "Keoni", "Noelani", "Makoa"),
        ("Kealoha", "Nāhinu", "Kahananui", "Palakiko", "Wong"),
    ),
    Place(
        "İstanbul",
        "Europe/Istanbul",
        41.01,
        28.98,
        ("Çağla", "Oğuz", "Şebnem", "İbrahim", "Gülşen"),
        ("Yıldırım", "Kuşoğlu", "Demirağ", "Öztürk", "Işık"),
    ),
    Place(
        "Lagos",
        "Africa/Lagos",
        6.52,
        3.38,
        ("Ọláolúwa", "Chukwuemeka", "Adaeze", "Babatúndé", "Ngozi"),
        ("Adébáyọ̀", "Okonkwo", "Ẹniọlá", "Nwachukwu", "Balogun"),
    ),
)
