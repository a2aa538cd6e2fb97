"""Invented texts of the example's calls and grants, in both languages."""

from typing import Any

# ((title ka, title en), [(kind, label ka, label en, help ka, help en, words)])
SECTIONS: list[tuple[tuple[str, str], list[tuple[Any, ...]]]] = [
    (
        ("პრობლემა", "The problem"),
        [
            (
                "long_text",
                "რომელ პრობლემას აგვარებთ და ვის ეხება ის?",
                "Which problem do you address, and whom does it concern?",
                "მოკლედ: რა ხდება ახლა, საიდან იცით, რამდენ ადამიანს ეხება.",
                "Briefly: what happens now, how you know, how many people it concerns.",
                150,
            ),
            (
                "long_text",
                "როგორ მონაწილეობდნენ მცხოვრებლები იდეის შექმნაში?",
                "How did residents take part in the idea?",
                "შეხვედრა, გამოკითხვა, საკრებულოს სხდომა.",
                "A meeting, a survey, a council session.",
                100,
            ),
        ],
    ),
    (
        ("საქმიანობა", "What you will do"),
        [
            (
                "long_text",
                "რას გააკეთებთ და როდის?",
                "What will you do, and when?",
                "ჩამოთვალეთ ნაბიჯები თვეების მიხედვით.",
                "List the steps month by month.",
                200,
            ),
            (
                "long_text",
                "ვინ იმუშავებს პროექტზე?",
                "Who will work on the project?",
                "როლები, არა სახელები.",
                "Roles, not names.",
                80,
            ),
            (
                "yes_no",
                "მუნიციპალიტეტმა თანამშრომლობის წერილი მოგცათ?",
                "Has the municipality given you a letter of cooperation?",
                None,
                None,
                None,
            ),
        ],
    ),
    (
        ("შედეგი", "What will change"),
        [
            (
                "long_text",
                "რა შეიცვლება მერიის ან საკრებულოს მუშაობაში?",
                "What will change in the work of the City Hall or the council?",
                "ისეთი ცვლილება, რომლის შემოწმებაც ადგილზე შეიძლება.",
                "A change that can be checked on the spot.",
                150,
            ),
            (
                "number",
                "რამდენი ადამიანი მიიღებს მონაწილეობას?",
                "How many people will take part?",
                "ჩაწერეთ რიცხვი.",
                "Enter a number.",
                None,
            ),
        ],
    ),
]
CRITERIA = [
    ("საჭიროება", "Need", "რამდენად დასაბუთებულია პრობლემა.", "How well the problem is shown.", 5, "2"),
    (
        "გავლენა მმართველობაზე",
        "Effect on local government",
        "შეიცვლება თუ არა წესი ან სერვისი.",
        "Whether a rule or a service changes.",
        5,
        "3",
    ),
    ("მონაწილეობა", "Participation", "მცხოვრებლების როლი.", "The part residents play.", 5, "2"),
    ("ბიუჯეტი", "Budget", "ხარჯის გონივრულობა.", "Whether the cost is reasonable.", 5, "1"),
]
DOCUMENTS = [
    ("რეგისტრაციის ამონაწერი", "Extract from the registry", True),
    ("მუნიციპალიტეტის წერილი", "Letter of the municipality", False),
]
ELIGIBILITY = [
    (
        "ორგანიზაცია რეგისტრირებულია არასამეწარმეო იურიდიულ პირად",
        "The organisation is registered as a non-commercial legal entity",
    ),
    (
        "პროექტი ხორციელდება რვა მუნიციპალიტეტიდან ერთ-ერთში",
        "The project takes place in one of the eight municipalities",
    ),
    ("მოთხოვნილი თანხა კონკურსის ფარგლებშია", "The amount asked is within the limits of the call"),
]
# (organisation, title ka, title en, summary ka, summary en, amount asked)
PROJECTS = {
    "EX-01": (
        "ღია საკრებულო ვანში",
        "An open council in Vani",
        "სხდომების პირდაპირი გადაცემა და ოქმების გამოქვეყნება სამ დღეში.",
        "Council sessions streamed live and minutes published within three days.",
        "6400",
    ),
    "EX-02": (
        "ახალგაზრდების ბიუჯეტი სულორში",
        "A youth budget in Sulori",
        "ახალგაზრდები ირჩევენ, რაზე დაიხარჯოს სოფლის თანხა.",
        "Young people choose how village money is spent.",
        "3900",
    ),
    "EX-03": (
        "ელექტრონული პეტიცია ხონში",
        "E-petition in Khoni",
        "პეტიციის გვერდი და ტრენინგი მერიის თანამშრომლებისთვის.",
        "A petition page and training for City Hall staff.",
        "5800",
    ),
    "EX-04": (
        "ქცევის წესები ბაღდათში",
        "A code of conduct in Bagdati",
        "ეთიკის კოდექსის მიღება და მისი დაცვის მონიტორინგი.",
        "Adoption of a code of ethics, and monitoring how it is kept.",
        "4700",
    ),
    "EX-05": (
        "სამოქალაქო ბიუჯეტი თერჯოლაში",
        "Civil budgeting in Terjola",
        "იდეების კონკურსი და საჯარო განხილვა ბიუჯეტის წინ.",
        "A contest of ideas and a public hearing before the budget.",
        "3600",
    ),
    "EX-06": (
        "ცხელი ხაზი ძევრულაში",
        "A hotline in Dzevrula",
        "მოქალაქეთა ზარების აღრიცხვა და პასუხის ვადები.",
        "Citizens' calls recorded, with deadlines for an answer.",
        "4200",
    ),
    "EX-07": (
        "სერვისები ერთ ფანჯარაში, ოზურგეთი",
        "Services at one window, Ozurgeti",
        "მუნიციპალური სერვისების ბარათები და ონლაინ რიგი.",
        "Cards for each municipal service and an online queue.",
        "6800",
    ),
    "EX-08": (
        "ქალთა ოთახის ხმა ბჟუჟის ხეობაში",
        "The women's room speaks, Bzhuzha valley",
        "ქალთა ჯგუფის წინადადებები მუნიციპალურ პროგრამებში.",
        "Proposals of a women's group in municipal programmes.",
        "2900",
    ),
    "EX-09": (
        "გამჭვირვალე შესყიდვები ლანჩხუთში",
        "Transparent procurement in Lanchkhuti",
        "შესყიდვების გვერდი და მოქალაქეთა ჯგუფის დაკვირვება.",
        "A procurement page and observation by a citizens' group.",
        "5200",
    ),
    "EX-10": (
        "ონლაინ მიღება ფიჩორში",
        "Online reception in Pichori",
        "მერის წარმომადგენელთან ონლაინ შეხვედრები მთის სოფლებისთვის.",
        "Online meetings with the mayor's representative for remote villages.",
        "2600",
    ),
    "EX-11": (
        "ანტიკორუფციული გეგმა ცაგერში",
        "An anti-corruption plan in Tsageri",
        "გეგმის შემუშავება სამუშაო ჯგუფთან ერთად.",
        "A plan prepared together with the working group.",
        "4400",
    ),
    "EX-12": (
        "სოფლის დაფა ამბროლაურში",
        "Village boards in Ambrolauri",
        "საინფორმაციო დაფები და ელექტრონული შეტყობინებები.",
        "Notice boards and electronic notices.",
        "3100",
    ),
}
INDICATORS: list[tuple[Any, ...]] = [
    (
        "I-1",
        "საბიუჯეტო და საჯარო განხილვების მონაწილეები",
        "People who took part in hearings and budget meetings",
        "ადამიანი",
        "people",
        "flow",
        True,
        "2400",
        "ყოველი დასწრება შეხვედრაზე, რომელიც პროექტმა გამართა; ერთი ადამიანი შეიძლება რამდენჯერმე დაითვალოს.",
        "Every attendance at a meeting the project held; one person may be counted more than once.",
    ),
    (
        "I-2",
        "შეცვლილი მუნიციპალური გადაწყვეტილებები",
        "Municipal decisions changed",
        "გადაწყვეტილება",
        "decisions",
        "flow",
        False,
        "20",
        "მიღებული დოკუმენტი: დადგენილება, ბრძანება, განახლებული წესი.",
        "A document adopted: a resolution, an order, a changed rule.",
    ),
    (
        "I-3",
        "გაუმჯობესებული ელექტრონული სერვისები",
        "E-services improved",
        "სერვისი",
        "services",
        "flow",
        False,
        "12",
        "სერვისი, რომლითაც მოქალაქე უკვე სარგებლობს.",
        "A service that citizens already use.",
    ),
    (
        "I-4",
        "გადამზადებული მუნიციპალური მოხელეები",
        "Municipal staff trained",
        "ადამიანი",
        "people",
        "flow",
        True,
        "240",
        "ვინც სრული კურსი გაიარა.",
        "Those who completed the whole course.",
    ),
]
