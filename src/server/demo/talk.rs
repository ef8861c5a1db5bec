//! What is asked in the demo, and what is answered.

pub struct Talk {
    pub title: &'static str,
    /// Questions and answers in turn.
    pub turns: &'static [(&'static str, &'static str)],
}

pub const TALKS: [Talk; 10] = [
    Talk {
        title: "Parking for visitors in the evening",
        turns: &[
            (
                "Where can visitors park after 18:00?",
                "After 18:00 the **north car park** is open to visitors free of charge. The barrier opens without a ticket; leave by 23:00.",
            ),
            (
                "And with a wheelchair van?",
                "Two wide bays beside the main entrance are reserved for vans with a ramp, day and night. The porter opens the bollard: extension 214.",
            ),
        ],
    },
    Talk {
        title: "Which forms does a new patient sign?",
        turns: &[
            (
                "Which forms does a new patient sign?",
                "Three: the **admission form**, the **consent to treatment**, and the **privacy notice**. The first two need a signature; the notice only has to be handed over.",
            ),
            (
                "Do minors need anything else?",
                "Yes: a parent or guardian signs both forms, and a copy of their identity document goes into the file.",
            ),
        ],
    },
    Talk {
        title: "Draft the newsletter for next month",
        turns: &[
            (
                "Draft a short newsletter for next month: flu shots, new opening hours, Dr. Ito joins.",
                "**News from Harbor Clinic**\n\n- *Flu shots* start on the first Monday; no appointment needed from 8 to 10.\n- *Opening hours*: Thursdays until 19:00.\n- *Welcome, Dr. Ito!* Our new paediatrician sees families from the 12th.",
            ),
            (
                "Shorter, please.",
                "Flu shots from the first Monday, 8 to 10, without appointment. Thursdays we are open until 19:00. Dr. Ito, paediatrician, joins us on the 12th.",
            ),
        ],
    },
    Talk {
        title: "Holiday cover for the front desk",
        turns: &[(
            "Who covers the front desk between Christmas and New Year?",
            "By the plan: Wen on the 27th and 28th, Priya on the 29th, and Lukas on the 30th and 31st. The 31st ends at 13:00.",
        )],
    },
    Talk {
        title: "Refund for a cancelled appointment",
        turns: &[(
            "A patient cancelled two hours before. Do they get the deposit back?",
            "By the terms a deposit is returned when the cancellation comes **24 hours** before, or with a doctor's note at any time. Two hours before it is kept; the manager can waive that.",
        )],
    },
    Talk {
        title: "Summarise the incident report",
        turns: &[
            (
                "Summarise the incident report of Tuesday in three sentences.",
                "On Tuesday at 10:40 the vaccine fridge in room 3 rose to 11 °C for some 25 minutes because its door stood ajar. All 14 vials were quarantined and the maker was asked; nine may be used. The door now has an alarm, and the check at noon was moved to 10:00.",
            ),
            (
                "Who has to be told?",
                "The district pharmacist within 48 hours, and the two patients whose appointments were moved. Both are done according to the log.",
            ),
        ],
    },
    Talk {
        title: "Translate the leaflet into Portuguese",
        turns: &[(
            "Translate: Please arrive ten minutes early and bring your insurance card.",
            "Por favor, chegue dez minutos antes e traga o seu cartão de seguro.",
        )],
    },
    Talk {
        title: "Compare the two printer offers",
        turns: &[(
            "Offer A: 1,900 € and 1.1 cents a page. Offer B: 2,600 € and 0.7 cents. We print 9,000 pages a month.",
            "Each month B saves 9,000 × 0.4 ct = **36 €**. The 700 € more are earned back after about **19.5 months**; over four years B is some 1,030 € cheaper.",
        )],
    },
    Talk {
        title: "Rota for the vaccination weekend",
        turns: &[(
            "Make a rota for Saturday and Sunday, 9 to 17, two nurses at a time, from Ada, Bo, Cem and Dee.",
            "| | 9–13 | 13–17 |\n|---|---|---|\n| Saturday | Ada, Bo | Cem, Dee |\n| Sunday | Cem, Ada | Dee, Bo |\n\nEverybody works twice, and nobody both halves of a day.",
        )],
    },
    Talk {
        title: "How long are X-rays kept?",
        turns: &[(
            "How long do we keep X-rays?",
            "Ten years after the last treatment; those of minors until they are 28. After that the archive deletes them at the end of the year.",
        )],
    },
];

/// Title and text.
pub const DOCUMENTS: [(&str, &str); 5] = [
    (
        "Visitor guide",
        "Visiting hours are 14:00 to 19:00. After 18:00 the north car park is open to visitors free of charge; leave by 23:00. Two wide bays beside the main entrance are reserved for vans with a ramp.",
    ),
    (
        "Admission of patients",
        "A new patient signs the admission form and the consent to treatment, and is handed the privacy notice. For minors a parent or guardian signs, and a copy of their identity document goes into the file.",
    ),
    (
        "Terms of appointments",
        "A deposit is returned when the cancellation comes 24 hours before the appointment, or with a doctor's note at any time. The manager can waive the rule.",
    ),
    (
        "Retention of records",
        "X-rays are kept ten years after the last treatment; those of minors until they are 28. The archive deletes what is older at the end of each year.",
    ),
    (
        "Front desk handbook",
        "The desk is open from 7:30 to 18:30, on Thursdays until 19:00. The porter answers extension 214. Keys of rooms are signed out and in. Complaints are written down at once and answered within five working days.",
    ),
];
