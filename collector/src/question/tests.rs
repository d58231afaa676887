use sonde_proto::v1::ValueType;

use super::*;

/// The question as it was understood, with all its parentheses.
fn shown(condition: &Condition) -> String {
    let joined = |all: &[Condition], by: &str| {
        let all: Vec<String> = all.iter().map(shown).collect();
        format!("({})", all.join(by))
    };
    match condition {
        Condition::All(all) => joined(all, " and "),
        Condition::Any(all) => joined(all, " or "),
        Condition::Not(one) => format!("not {}", shown(one)),
        Condition::Absent { column, .. } => format!("{column} is absent"),
        Condition::Compare {
            column, by, value, ..
        } => {
            format!("{column} {} {}", by.sign(), Word::Value(value.clone()))
        }
    }
}

fn columns() -> Vec<v1::Column> {
    let column = |name: &str, kind: ValueType, role: ColumnRole| v1::Column {
        name: name.into(),
        r#type: kind.into(),
        role: role.into(),
        unit: String::new(),
    };
    vec![
        column("mount", ValueType::Text, ColumnRole::Key),
        column("bytes", ValueType::Integer, ColumnRole::Slow),
        column("used_percent", ValueType::Real, ColumnRole::Live),
        column("writable", ValueType::Truth, ColumnRole::Slow),
        column("made_at", ValueType::Time, ColumnRole::Slow),
    ]
}

#[track_caller]
fn check(question: &str, expected: &str) {
    let parsed: Result<Question, Wrong> = question.parse();
    let fitted = parsed.and_then(|question| {
        let condition = question.condition.map(|one| one.fitted(&columns()));
        Ok((question.table, condition.transpose()?))
    });
    let said = match fitted {
        Ok((table, None)) => table,
        Ok((table, Some(condition))) => format!("{table}: {}", shown(&condition)),
        Err(wrong) => format!("{wrong}; {}", wrong.remedy),
    };
    assert_eq!(
        said.replace(&example().to_string(), "…"),
        expected,
        "{question}"
    );
}

#[test]
fn a_question_is_understood() {
    check("filesystems", "filesystems");
    check(
        "filesystems where used_percent > 90 and mount = '/'",
        "filesystems: (used_percent > `90` and mount = '/')",
    );
    check(
        "filesystems WHERE mount='/a' OR mount=\"/b\" AND bytes>=1e9",
        "filesystems: (mount = '/a' or (mount = '/b' and bytes >= `1000000000`))",
    );
    check(
        "filesystems where not (writable = true or mount contains 'it''s')",
        "filesystems: not (writable = `true` or mount contains 'it's')",
    );
    check(
        "filesystems where mount is not absent and made_at<'1970-01-01T00:00:01Z'",
        "filesystems: (not mount is absent and made_at < `1000000`)",
    );
    check("f where bytes != -1_000", "f: bytes != `-1000`");
}

#[test]
fn what_is_wrong_with_it_is_said_with_the_remedy() {
    check("", "no table is named; …");
    check("'filesystems'", "no table is named; …");
    check(
        "filesystems having",
        "`having` where `where` is expected; …",
    );
    check("f where", "the condition ends too early; …");
    check("f where mount", "`mount` is not compared with anything; …");
    check("f where mount =", "after `mount =` a value is missing; …");
    check(
        "f where mount = root",
        "`root` is no value; a text stands in quotes: 'root'",
    );
    check(
        "f where mount = '/",
        "the text that begins with ' does not end; close it with '",
    );
    check("f where (mount = '/'", "a `)` is missing; …");
    check(
        "f where mount = '/' )",
        "`)` where `and`, `or` or the end is expected; …",
    );
    check(
        "f where size > 3",
        "there is no column size; there are: mount, bytes, used_percent, writable, made_at",
    );
    check(
        "f where mount = 3",
        "mount is text, which `=` does not fit; put it in quotes: '3'",
    );
    check(
        "f where bytes contains '3'",
        "bytes is a number, which `contains` does not fit; as in: bytes > 90",
    );
    check(
        "f where made_at > 'monday'",
        "made_at is a time, which `>` does not fit; as in: made_at > '2026-01-31T09:00:00Z'",
    );
    check(
        "f where bytes > 90GB",
        "`90GB` is no number; a text stands in quotes: '90GB'",
    );
    check(
        "f where mount ; '/'",
        "`;` means nothing in a question; a text stands in quotes",
    );
    check(
        "f where mount is '/'",
        "after `mount is` comes `absent` or `not absent`; a value is compared by = or !=",
    );
}

#[test]
fn a_question_has_its_limits() {
    let deep = format!("f where {}mount = '/'{}", "(".repeat(40), ")".repeat(40));
    check(
        &deep,
        "more than 16 parentheses inside each other; ask several",
    );
    let many = format!("f where {}", ["mount = '/'"; 33].join(" or "));
    check(&many, "more than 32 comparisons; ask several");
    check(
        &"x".repeat(LONGEST + 1),
        "the question is longer than 1000 bytes; ask several",
    );
}

#[test]
fn a_row_holds_or_not() {
    let row = |column: &str| match column {
        "mount" => Some(Literal::Text("/Srv".into())),
        "used_percent" => Some(Literal::Number(91.0)),
        "writable" => Some(Literal::Truth(false)),
        _ => None,
    };
    let holds = |condition: &str| {
        let question: Question = format!("f where {condition}").parse().unwrap();
        let condition = question.condition.unwrap().fitted(&columns()).unwrap();
        condition.holds(&row)
    };
    for (condition, expected) in [
        ("used_percent > 90", true),
        ("used_percent > 91", false),
        ("used_percent >= 91 and mount = '/srv'", false),
        ("mount contains '/srv'", true),
        ("writable = false", true),
        ("bytes is absent", true),
        ("bytes < 5 or bytes >= 5", false),
        ("bytes != 5", false),
        ("not bytes = 5", true),
        ("mount is absent or mount = '/Srv'", true),
    ] {
        assert_eq!(holds(condition), expected, "{condition}");
    }
}

#[test]
fn what_moves_is_told_from_what_does_not() {
    let is_slow = |condition: &str| {
        let question: Question = format!("f where {condition}").parse().unwrap();
        question.condition.unwrap().is_slow(&columns())
    };
    assert!(is_slow("mount = '/' or bytes > 5"));
    assert!(!is_slow("mount = '/' or used_percent > 5"));
}

#[test]
fn what_is_wrong_stands_where_it_says() {
    let check = |question: &str, marked: &str| {
        let parsed: Result<Question, Wrong> = question.parse();
        let condition = parsed.and_then(|one| one.condition.unwrap().fitted(&columns()));
        let (begin, end) = condition.unwrap_err().at.unwrap();
        let part = question.chars().skip(begin).take(end - begin);
        assert_eq!(part.collect::<String>(), marked, "{question}");
    };
    check("filesystems were mount = '/'", "were");
    check("filesystems where 5 = mount", "5");
    check("filesystems where mount = 'é' ünd", "ünd");
    check("filesystems where mount = 'é' or size > 1", "size");
    check("filesystems where mount = 'é' and mount > 1", "mount > 1");
    check("filesystems where not (size is absent)", "size");
    check("filesystems where mount = 'é", "'é");
    check("filesystems where mount = slash", "slash");
    check("filesystems where mount =", "");
}
