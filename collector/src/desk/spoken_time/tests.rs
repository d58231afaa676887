use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Spoken, spoken};

const PARIS: &str = "Europe/Paris";

/// What a text means that was said then, in that zone: "words | from - to", times as that zone's clocks show them.
fn said(zone: &str, at: &str, text: &str) -> String {
    let zone = TimeZone::get(zone).unwrap();
    let at: DateTime = at.parse().unwrap();
    let at = at.to_zoned_datetime(zone.clone()).unwrap().timestamp();
    let shown = |us: i64| {
        let time = jiff::Timestamp::from_microsecond(us).unwrap();
        time.to_zoned_datetime(zone.clone())
            .strftime("%d %H:%M")
            .to_string()
    };
    match spoken(text, at.as_microsecond(), &zone) {
        None => String::new(),
        Some(Spoken { words, from, to }) => format!("{words} | {} - {}", shown(from), shown(to)),
    }
}

fn lines(rows: &str) -> impl Iterator<Item = &str> {
    rows.lines().map(str::trim).filter(|row| !row.is_empty())
}

/// Rows of texts and what they mean, all said at one moment in Paris. The 25th of November 2026 is a Wednesday.
#[track_caller]
fn check(at: &str, rows: &str) {
    for row in lines(rows) {
        let (text, expected) = row.split_once(" => ").unwrap();
        assert_eq!(said(PARIS, at, text), expected, "{text:?}");
    }
}

/// Texts that mean no time, a line each.
#[track_caller]
fn check_none(at: &str, texts: &str) {
    for text in lines(texts) {
        assert_eq!(said(PARIS, at, text), "", "{text:?}");
    }
}

const AFTERNOON: &str = "2026-11-25T16:00";

#[test]
fn parts_of_the_day_in_english() {
    check(
        AFTERNOON,
        "
         no sound since this morning => since this morning | 25 06:00 - 25 16:00
         SINCE THIS MORNING: nothing => SINCE THIS MORNING | 25 06:00 - 25 16:00
         it was slow this morning => this morning | 25 06:00 - 25 16:00
         slow all day => all day | 25 00:00 - 25 16:00
         slow today => today | 25 00:00 - 25 16:00
         all morning it hung => all morning | 25 06:00 - 25 16:00
         it rebooted last night => last night | 24 20:00 - 25 06:00
         since last night it is dead => since last night | 24 20:00 - 25 16:00
         updates ran overnight => overnight | 24 20:00 - 25 06:00
         since yesterday => since yesterday | 24 16:00 - 25 16:00
         it fell yesterday => yesterday | 24 16:00 - 25 00:00
         yesterday evening it crashed => yesterday evening | 24 18:00 - 25 00:00
         since yesterday evening => since yesterday evening | 24 18:00 - 25 16:00
         it worked until this morning => until this morning | 25 06:00 - 25 16:00
         it worked until yesterday => until yesterday | 24 16:00 - 25 16:00
         nothing since lunch => since lunch | 25 12:00 - 25 16:00
         after lunch it hung => after lunch | 25 12:00 - 25 16:00
         since noon => since noon | 25 11:45 - 25 16:00
         since Monday => since Monday | 24 16:00 - 25 16:00
         since monday morning => since monday morning | 24 16:00 - 25 16:00
         since tuesday evening => since tuesday evening | 24 18:00 - 25 16:00
         since wednesday => since wednesday | 25 00:00 - 25 16:00
         since last week => since last week | 24 16:00 - 25 16:00
        ",
    );
}

#[test]
fn parts_of_the_day_in_french() {
    check(
        AFTERNOON,
        "
         plus de son depuis ce matin => depuis ce matin | 25 06:00 - 25 16:00
         DEPUIS CE MATIN, plus rien => DEPUIS CE MATIN | 25 06:00 - 25 16:00
         c'était lent ce matin => ce matin | 25 06:00 - 25 16:00
         depuis cet après-midi => depuis cet après-midi | 25 12:00 - 25 16:00
         depuis cet apre\u{300}s\u{2011}midi => depuis cet apre\u{300}s\u{2011}midi | 25 12:00 - 25 16:00
         lent toute la journée => toute la journée | 25 00:00 - 25 16:00
         lent aujourd’hui => aujourd’hui | 25 00:00 - 25 16:00
         toute la matinée il a ramé => toute la matinée | 25 06:00 - 25 16:00
         il a redémarré cette nuit => cette nuit | 24 20:00 - 25 06:00
         depuis la nuit dernière => depuis la nuit dernière | 24 20:00 - 25 16:00
         depuis hier => depuis hier | 24 16:00 - 25 16:00
         il est tombé hier => hier | 24 16:00 - 25 00:00
         hier soir il a planté => hier soir | 24 18:00 - 25 00:00
         depuis hier soir => depuis hier soir | 24 18:00 - 25 16:00
         depuis avant-hier => depuis avant-hier | 24 16:00 - 25 16:00
         ça marchait jusqu'à ce matin => jusqu'à ce matin | 25 06:00 - 25 16:00
         ça marchait jusqu’à hier soir => jusqu’à hier soir | 24 18:00 - 25 16:00
         depuis midi => depuis midi | 25 11:45 - 25 16:00
         après le déjeuner plus rien => après le déjeuner | 25 12:00 - 25 16:00
         depuis la pause déjeuner => depuis la pause déjeuner | 25 12:00 - 25 16:00
         après manger => après manger | 25 12:00 - 25 16:00
         depuis lundi => depuis lundi | 24 16:00 - 25 16:00
         depuis mardi soir => depuis mardi soir | 24 18:00 - 25 16:00
         depuis la semaine dernière => depuis la semaine dernière | 24 16:00 - 25 16:00
        ",
    );
}

#[test]
fn times_of_the_clock_in_english() {
    check(
        AFTERNOON,
        "
         since 10:30 => since 10:30 | 25 10:15 - 25 16:00
         since 10 => since 10 | 25 09:45 - 25 16:00
         since 10 nothing prints => since 10 | 25 09:45 - 25 16:00
         since ten, no mail => since ten | 25 09:45 - 25 16:00
         since 10 am => since 10 am | 25 09:45 - 25 16:00
         since 10am => since 10am | 25 09:45 - 25 16:00
         since 10 a.m. it hangs => since 10 a.m. | 25 09:45 - 25 16:00
         since 3 => since 3 | 25 14:45 - 25 16:00
         since 3 am => since 3 am | 25 02:45 - 25 16:00
         since 03:30 => since 03:30 | 25 03:15 - 25 16:00
         since 3:30 => since 3:30 | 25 15:15 - 25 16:00
         since 3 pm => since 3 pm | 25 14:45 - 25 16:00
         since 5 pm => since 5 pm | 24 16:45 - 25 16:00
         since 17:00 => since 17:00 | 24 16:45 - 25 16:00
         since 12 am => since 12 am | 24 23:45 - 25 16:00
         since 12 pm => since 12 pm | 25 11:45 - 25 16:00
         since half past ten => since half past ten | 25 10:15 - 25 16:00
         since 9 o'clock => since 9 o'clock | 25 08:45 - 25 16:00
         since 9 in the morning => since 9 in the morning | 25 08:45 - 25 16:00
         since about 10:30 it is slow => since about 10:30 | 25 10:15 - 25 16:00
         it crashed at 10:30 => at 10:30 | 25 10:15 - 25 16:00
         it crashed around 2 pm => around 2 pm | 25 13:45 - 25 16:00
         this morning at 9 it hung => this morning at 9 | 25 08:45 - 25 16:00
         at 9 this morning it hung => at 9 this morning | 25 08:45 - 25 16:00
         yesterday at 5 pm it fell => yesterday at 5 pm | 24 16:45 - 25 16:00
         10:30 this morning => 10:30 this morning | 25 10:15 - 25 16:00
         since 6 yesterday evening => since 6 yesterday evening | 24 17:45 - 25 16:00
         since 10 last night => since 10 last night | 24 21:45 - 25 16:00
         since 2 last night => since 2 last night | 25 01:45 - 25 16:00
         after 10:30 => after 10:30 | 25 10:15 - 25 16:00
        ",
    );
}

#[test]
fn times_of_the_clock_in_french() {
    check(
        AFTERNOON,
        "
         depuis 10h => depuis 10h | 25 09:45 - 25 16:00
         depuis 10 h => depuis 10 h | 25 09:45 - 25 16:00
         depuis 10h30 => depuis 10h30 | 25 10:15 - 25 16:00
         depuis 10 h 30 => depuis 10 h 30 | 25 10:15 - 25 16:00
         depuis 10H30 => depuis 10H30 | 25 10:15 - 25 16:00
         depuis dix heures et demie => depuis dix heures et demie | 25 10:15 - 25 16:00
         depuis environ 10 h => depuis environ 10 h | 25 09:45 - 25 16:00
         depuis 8 heures => depuis 8 heures | 25 07:45 - 25 16:00
         depuis 14h => depuis 14h | 25 13:45 - 25 16:00
         depuis 3h du matin => depuis 3h du matin | 25 02:45 - 25 16:00
         depuis 8h ce matin => depuis 8h ce matin | 25 07:45 - 25 16:00
         depuis ce matin 8h => depuis ce matin 8h | 25 07:45 - 25 16:00
         ce matin à 9h, plus rien => ce matin à 9h | 25 08:45 - 25 16:00
         hier vers 17 h il a planté => hier vers 17 h | 24 16:45 - 25 16:00
         hier soir à 10h => hier soir à 10h | 24 21:45 - 25 16:00
         à 10h30 il a planté => à 10h30 | 25 10:15 - 25 16:00
         vers 14 h => vers 14 h | 25 13:45 - 25 16:00
         à midi => à midi | 25 11:45 - 25 16:00
         depuis midi et demi => depuis midi et demi | 25 12:15 - 25 16:00
         après 14h => après 14h | 25 13:45 - 25 16:00
         depuis lundi 9h => depuis lundi 9h | 24 16:00 - 25 16:00
        ",
    );
}

#[test]
fn lengths_of_time_in_english() {
    check(
        AFTERNOON,
        "
         for two hours => for two hours | 25 13:45 - 25 16:00
         slow for about 2 hours now => for about 2 hours | 25 13:45 - 25 16:00
         for the last 20 minutes => for the last 20 minutes | 25 15:25 - 25 16:00
         the last two hours => the last two hours | 25 13:45 - 25 16:00
         in the past hour => the past hour | 25 14:45 - 25 16:00
         an hour ago => an hour ago | 25 14:45 - 25 16:00
         about an hour ago => an hour ago | 25 14:45 - 25 16:00
         an hour and a half ago => an hour and a half ago | 25 14:15 - 25 16:00
         half an hour ago => half an hour ago | 25 15:15 - 25 16:00
         for half an hour => for half an hour | 25 15:15 - 25 16:00
         five minutes ago => five minutes ago | 25 15:40 - 25 16:00
         5min ago => 5min ago | 25 15:40 - 25 16:00
         a couple of hours ago => a couple of hours ago | 25 13:45 - 25 16:00
         a few minutes ago => a few minutes ago | 25 15:40 - 25 16:00
         2 hours 30 minutes ago => 2 hours 30 minutes ago | 25 13:15 - 25 16:00
         twelve hours ago => twelve hours ago | 25 03:45 - 25 16:00
         3 days ago => 3 days ago | 24 16:00 - 25 16:00
         since two hours => since two hours | 25 13:45 - 25 16:00
         since 10 minutes => since 10 minutes | 25 15:35 - 25 16:00
         just now => just now | 25 15:45 - 25 16:00
         a moment ago => a moment ago | 25 15:45 - 25 16:00
        ",
    );
}

#[test]
fn lengths_of_time_in_french() {
    check(
        AFTERNOON,
        "
         depuis deux heures => depuis deux heures | 25 13:45 - 25 16:00
         depuis 2h => depuis 2h | 25 13:45 - 25 16:00
         depuis 2h30 => depuis 2h30 | 25 13:15 - 25 16:00
         depuis 20 minutes => depuis 20 minutes | 25 15:25 - 25 16:00
         depuis plus d'une heure => depuis plus d'une heure | 25 14:45 - 25 16:00
         pendant une heure => pendant une heure | 25 14:45 - 25 16:00
         il y a une heure => il y a une heure | 25 14:45 - 25 16:00
         il y a environ 2 h => il y a environ 2 h | 25 13:45 - 25 16:00
         y a 5 mn => y a 5 mn | 25 15:40 - 25 16:00
         ça fait deux heures que ça rame => ça fait deux heures | 25 13:45 - 25 16:00
         depuis une demi-heure => depuis une demi-heure | 25 15:15 - 25 16:00
         il y a un quart d'heure => il y a un quart d'heure | 25 15:30 - 25 16:00
         il y a une heure et demie => il y a une heure et demie | 25 14:15 - 25 16:00
         ces deux dernières heures => ces deux dernières heures | 25 13:45 - 25 16:00
         il y a trois jours => il y a trois jours | 24 16:00 - 25 16:00
         depuis deux ans => depuis deux ans | 24 16:00 - 25 16:00
         depuis 3 jours => depuis 3 jours | 24 16:00 - 25 16:00
         il y a quelques minutes => il y a quelques minutes | 25 15:40 - 25 16:00
         à l'instant => à l'instant | 25 15:45 - 25 16:00
         à l’instant => à l’instant | 25 15:45 - 25 16:00
         tout à l'heure il a planté => tout à l'heure | 25 15:45 - 25 16:00
        ",
    );
}

#[test]
fn what_does_not_speak_of_a_time_that_was_means_nothing() {
    check_none(
        AFTERNOON,
        "
         no sound
         this computer is from 2019
         slow since 2019
         depuis 2019
         since the 10 printers came
         since 10 printers were added
         depuis les 10 imprimantes
         the 10 printers are off
         le second écran est noir
         the second screen
         since the update
         depuis la mise à jour
         since when?
         depuis quand ?
         since 10.15
         since version 10
         COM3 is gone since v10
         since 192.168.1.10
         since 25:00
         since 10:75
         depuis 10:30:15
         it takes two hours
         ça prend deux heures
         in two hours
         dans deux heures
         tomorrow morning
         demain matin
         this evening I need it
         ce soir
         every day at 10:30
         every night at 3 am
         tous les jours à 10h30
         chaque matin à 9h
         meeting at 17:00
         tomorrow at 10:30
         at 10:30 tomorrow
         demain à 9h
         à 9h demain
         next visit at 10:30
         two years ago we bought it
         il y a deux ans on l'a acheté
         réunion à 17h
         about 10 people
         at 10 desks
         3 am
         I am 3
         il a 10 imprimantes
         a 2 m cable
         next monday
         on monday
         lundi
         for two users
         pour une heure
         half of the screen
         5 minutes
         10h
         since 99999999999999999999 hours
         since since since
         depuis
         il y a un problème
         il y a 3 imprimantes
         les deux écrans
         the last printer
         ces heures
        ",
    );
}

#[test]
fn words_go_on_in_the_next_line_and_nothing_means_nothing() {
    let wrapped = said(PARIS, AFTERNOON, "it is slow\nsince  this\nafternoon");
    assert_eq!(wrapped, "since this afternoon | 25 12:00 - 25 16:00");
    assert_eq!(said(PARIS, AFTERNOON, ""), "");
}

#[test]
fn since_counts_before_all_else_and_then_the_first() {
    check(
        AFTERNOON,
        "
         hier ça marchait, depuis ce matin plus rien => depuis ce matin | 25 06:00 - 25 16:00
         since yesterday, worse since this morning => since yesterday | 24 16:00 - 25 16:00
         since the update this morning => this morning | 25 06:00 - 25 16:00
         it hung at 10:30 and at 14:00 => at 10:30 | 25 10:15 - 25 16:00
         since 2019 the printer; since 10:30 nothing => since 10:30 | 25 10:15 - 25 16:00
         every day at 9; since this morning always => since this morning | 25 06:00 - 25 16:00
        ",
    );
}

#[test]
fn the_moment_counts_at_which_it_was_said() {
    let morning = "2026-11-25T08:00";
    check(
        morning,
        "
         since this morning => since this morning | 25 06:00 - 25 08:00
         cette nuit => cette nuit | 24 20:00 - 25 06:00
         since 10 => since 10 | 24 21:45 - 25 08:00
         depuis 10h => depuis 10h | 24 21:45 - 25 08:00
         since monday => since monday | 24 08:00 - 25 08:00
        ",
    );
    check_none(
        morning,
        "
         this afternoon
         cet après-midi
         after lunch
         at 10:30
        ",
    );
    check(
        "2026-11-25T03:00",
        "
         ce matin => ce matin | 25 00:00 - 25 03:00
         last night => last night | 24 20:00 - 25 03:00
         depuis minuit => depuis minuit | 24 23:45 - 25 03:00
        ",
    );
    check(
        "2026-11-25T23:00",
        "
         depuis ce soir => depuis ce soir | 25 18:00 - 25 23:00
         last night => last night | 25 20:00 - 25 23:00
        ",
    );
}

#[test]
fn clocks_show_the_time_of_the_place() {
    // The same instant: 16:00 in Paris.
    assert_eq!(
        said("America/New_York", "2026-11-25T10:00", "since 9"),
        "since 9 | 25 08:45 - 25 10:00"
    );
    assert_eq!(
        said("Asia/Kolkata", "2026-11-25T20:30", "since this morning"),
        "since this morning | 25 06:00 - 25 20:30"
    );
}

#[test]
fn the_nights_on_which_clocks_are_changed_are_as_long_as_they_are() {
    // At 02:00 it is 03:00: of the 24 hours before 08:00, 09:00 to 08:00 are 22.
    check(
        "2026-03-29T08:00",
        "
         cette nuit => cette nuit | 28 20:00 - 29 06:00
         since yesterday => since yesterday | 28 07:00 - 29 08:00
         since 2:30 am => since 2:30 am | 29 03:15 - 29 08:00
         six hours ago => six hours ago | 29 00:45 - 29 08:00
        ",
    );
    // At 03:00 it is 02:00 once more.
    check(
        "2026-10-25T08:00",
        "
         last night => last night | 24 20:00 - 25 06:00
         since yesterday => since yesterday | 24 09:00 - 25 08:00
         since 2:30 am => since 2:30 am | 25 02:15 - 25 08:00
         six hours ago => six hours ago | 25 02:45 - 25 08:00
        ",
    );
    let zone = TimeZone::get(PARIS).unwrap();
    let at = jiff::civil::date(2026, 10, 25).at(8, 0, 0, 0);
    let at = at
        .to_zoned_datetime(zone.clone())
        .unwrap()
        .timestamp()
        .as_microsecond();
    let night = spoken("last night", at, &zone).unwrap();
    assert_eq!(night.to - night.from, 11 * 3_600_000_000);
    // The first of the two.
    let twice = spoken("since 2:30 am", at, &zone).unwrap();
    assert_eq!(at - twice.from, (6 * 60 + 30 + 15) * 60_000_000);
}

#[test]
fn nothing_that_anybody_writes_is_too_much() {
    for text in crate::hostile::texts() {
        let zone = TimeZone::UTC;
        spoken(&text, 1_795_620_000_000_000, &zone);
        spoken(&format!("since {text} this morning"), 0, &zone);
    }
    let long = format!("{} since this morning", "x ".repeat(4_000));
    assert_eq!(
        said(PARIS, AFTERNOON, &long),
        "",
        "it is not read to its end"
    );
    assert_eq!(spoken("since this morning", i64::MAX, &TimeZone::UTC), None);
    assert_eq!(spoken("since yesterday", i64::MIN, &TimeZone::UTC), None);
}
