//! Tickets by their words, through the API.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Bench;
use crate::store::accounts::Role;
use crate::store::testing::{leave_two_unread, on_both};

impl Bench {
    async fn opens(&self, who: &str, ticket: Value) -> i64 {
        let opened = self.post(who, "/tickets", ticket).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        opened.body["number"].as_i64().unwrap()
    }

    /// Numbers of the page, and how the search went.
    async fn finds(&self, who: &str, query: &str) -> (Vec<i64>, Value) {
        let page = self.get(who, &format!("/tickets?search={query}")).await;
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        let numbers = items.iter().filter_map(|item| item["number"].as_i64());
        let numbers = numbers.collect();
        let mut search = page["search"].clone();
        search["next"] = page["next"].clone();
        (numbers, search)
    }
}

#[tokio::test]
async fn a_search_shows_the_best_first_and_only_what_the_caller_may_see() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench.account("elsewhere", Role::Technician, &["lyon"]).await;
        let note = json!({"title": "no sound", "note": "the printer is fine", "devices": [device]});
        bench.opens("technician", note).await;
        bench.opens("technician", json!({"title": "Printer offline"})).await;
        bench.opens("elsewhere", json!({"title": "printer", "site": "lyon"})).await;
        let (numbers, search) = bench.finds("technician", "printer").await;
        assert_eq!(numbers, [3, 2, 1]);
        assert_eq!(
            search,
            json!({"n_found": 3, "is_counted": true, "n_ranked": 3, "not_searched_up_to": null, "next": null})
        );
        assert_eq!(bench.finds("elsewhere", "printer").await.0, [3]);
        assert_eq!(bench.finds("elsewhere", "sound").await.0, [] as [i64; 0]);
        let on_device = format!("printer&device={device}&state=unresolved");
        assert_eq!(bench.finds("technician", &on_device).await.0, [1]);
        let (first, search) = bench.finds("technician", "printer&limit=2").await;
        assert_eq!((first, &search["next"]), (vec![3, 2], &json!("2")));
        let (rest, search) = bench.finds("technician", "printer&limit=2&after=2").await;
        assert_eq!((rest, &search["next"]), (vec![1], &Value::Null));
        leave_two_unread(&bench.state.store).await;
        let (_, search) = bench.finds("technician", "nowhere").await;
        assert_eq!(search["not_searched_up_to"], 2);
        let plain = bench.get("technician", "/tickets").await;
        assert!(plain.get("search").is_none(), "{plain}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_by_name() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let long = "x".repeat(201);
        for (query, field, detail) in [
            ("search=", "search", "it is empty"),
            (
                "search=%3F%21",
                "search",
                "\"?!\" has no letter and no digit",
            ),
            (
                &format!("search={long}"),
                "search",
                "201 characters, where 200 are the most",
            ),
            (
                "search=a+b+c+d+e+f+g+h+i+j+k+l+m",
                "search",
                "13 words, where 12 are the most",
            ),
            ("search=x&order=due", "search", "it has an order of its own"),
            ("search=x&before=5", "search", "it has an order of its own"),
            ("search=x&after=y", "after", "it is no place in this list"),
        ] {
            let path = format!("/tickets?{query}");
            let answer = bench
                .call("technician", Method::GET, &path, Value::Null)
                .await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            assert_eq!(answer.body["field"], field, "{}", answer.body);
            assert_eq!(answer.body["detail"], detail, "{}", answer.body);
            assert!(answer.body["remedy"].is_string(), "{}", answer.body);
        }
    })
    .await;
}
