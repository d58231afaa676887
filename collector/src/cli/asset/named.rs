//! Which asset somebody means, and how it is called: nothing is asked of one that was not named exactly.

use serde_json::Value;

use super::super::client::escape;
use super::super::output::{field, items};
use super::super::{Context, Failure};

/// Assets that are named where a name fits several.
const MOST_NAMED: usize = 8;

/// The id of an asset that is named by its id, or by its whole name.
pub(in super::super) async fn resolve(
    context: &mut Context,
    asset: &str,
) -> Result<String, Failure> {
    if asset.parse::<crate::store::Id>().is_ok() {
        return Ok(asset.to_owned());
    }
    let path = format!("/assets?limit=1000&search={}", escape(asset));
    let found = context.client().await?.get(&path).await?;
    the_one(asset, items(&found))
}

/// The only one of just this name.
fn the_one(asset: &str, found: &[Value]) -> Result<String, Failure> {
    let named = |one: &&Value| field(one, "name").to_lowercase() == asset.to_lowercase();
    let named: Vec<&Value> = found.iter().filter(named).collect();
    let listed = |found: &[&Value]| {
        let first = found.iter().take(MOST_NAMED).map(|one| {
            let (id, name, site) = (field(one, "id"), field(one, "name"), field(one, "site"));
            format!("\n  {id}  {name}, {site}")
        });
        let more = match found.len() > MOST_NAMED {
            true => "\n  and more",
            false => "",
        };
        format!("{}{more}", first.collect::<String>())
    };
    match (&named[..], found) {
        ([one], _) => Ok(field(one, "id")),
        ([], []) => Err(Failure::with_remedy(
            format!("there is no asset {asset:?} that you may see"),
            "sonde asset list",
        )),
        ([], near) => {
            let near: Vec<&Value> = near.iter().collect();
            let what = format!("there is no asset {asset:?}; near it:{}", listed(&near));
            Err(Failure::with_remedy(
                what,
                "write its whole name, or its id",
            ))
        }
        (several, _) => {
            let what = format!(
                "{asset:?} is the name of several assets:{}",
                listed(several)
            );
            Err(Failure::with_remedy(what, "name it by its id"))
        }
    }
}

/// "access point"
pub(super) fn kind(asset: &Value) -> String {
    field(asset, "kind").replace('_', " ")
}

/// "192.0.2.7:9100"
pub(super) fn address(asset: &Value) -> String {
    let address = field(asset, "address");
    match asset["port"].as_u64() {
        Some(port) if address.contains(':') => format!("[{address}]:{port}"),
        Some(port) => format!("{address}:{port}"),
        None => address,
    }
}

/// "Printer 3rd floor (printer, 192.0.2.7:9100)", of a ticket.
pub(in super::super) fn named(asset: &Value) -> String {
    let name = match asset["name"].as_str() {
        Some(_) => field(asset, "name"),
        None => return field(asset, "id"),
    };
    let gone = match asset["removed"].as_bool() {
        Some(true) => "removed",
        _ => "",
    };
    let beside = [kind(asset), address(asset), gone.to_owned()];
    let beside: Vec<String> = beside.into_iter().filter(|text| !text.is_empty()).collect();
    format!("{name} ({})", beside.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(asset: &str, found: &[(&str, &str)], expected: Result<&str, &str>) {
        let found: Vec<Value> = found
            .iter()
            .map(|(id, name)| json!({ "id": id, "name": name, "site": "lyon" }))
            .collect();
        let named = the_one(asset, &found).map_err(|failure| match failure {
            Failure::Other { what, .. } => what,
            Failure::Problem(_) | Failure::Closed => String::new(),
        });
        assert_eq!(named.as_deref().map_err(|what| &**what), expected);
    }

    #[test]
    fn an_asset_is_named_by_its_whole_name() {
        check(
            "printer 3",
            &[("1", "Printer 3"), ("2", "Printer 31")],
            Ok("1"),
        );
        check("x", &[], Err("there is no asset \"x\" that you may see"));
        check(
            "print",
            &[("1", "Printer 3")],
            Err("there is no asset \"print\"; near it:\n  1  Printer 3, lyon"),
        );
        check(
            "printer",
            &[("1", "Printer"), ("2", "printer")],
            Err(
                "\"printer\" is the name of several assets:\n  1  Printer, lyon\n  2  printer, lyon",
            ),
        );
    }

    #[test]
    fn it_is_named_with_what_it_is_and_where() {
        let asset = json!({ "id": "1", "name": "Hub", "kind": "access_point", "address": "2001:db8::7", "port": 80 });
        assert_eq!(named(&asset), "Hub (access point, [2001:db8::7]:80)");
        let gone = json!({ "id": "1", "name": "Hub", "kind": "other", "address": null, "port": null, "removed": true });
        assert_eq!(named(&gone), "Hub (other, removed)");
        assert_eq!(named(&json!({ "id": "1", "name": null })), "1");
    }
}
