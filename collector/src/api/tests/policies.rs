//! What a policy may say.

use axum::http::Method;
use serde_json::{Value, json};

use super::Bench;
use crate::store::testing::on_both;

/// Puts a policy and gives what is wrong with it, and what to do.
async fn put(bench: &Bench, name: &str, policy: Value) -> String {
    let path = format!("/policies/{name}");
    let answer = bench.call("admin", Method::PUT, &path, policy).await;
    let of = |name: &str| answer.body[name].as_str().unwrap_or("-").to_owned();
    match answer.status.as_u16() {
        200 => "taken".to_owned(),
        status => format!(
            "{status} {}: {} / {}",
            of("field"),
            of("detail"),
            of("remedy")
        ),
    }
}

#[tokio::test]
async fn a_policy_by_which_nothing_would_be_a_warning_is_refused() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.device().await;
        let clock = |limits: Value| json!({"checks": {"device.clock": {"limits": limits}}});
        let both = json!({"offset_warning": 100, "offset_critical": 10});
        assert_eq!(
            put(&bench, "all", clock(both)).await,
            "422 checks.device.clock.limits.offset_critical: offset_critical is 10 s and offset_warning is 100 s: \
             everything would be critical before it is a warning / set offset_critical to 100 s or more, or \
             offset_warning to 10 s or less"
        );
        let high = json!({"offset_critical": 1000});
        assert_eq!(put(&bench, "all", clock(high)).await, "taken");
        let mut lab = clock(json!({"offset_warning": 2000}));
        lab["sites"] = json!(["default"]);
        assert_eq!(
            put(&bench, "lab", lab.clone()).await,
            "422 checks.device.clock.limits.offset_warning: offset_warning is 2000 s and offset_critical is 1000 s by \
             the policy \"all\": everything would be critical before it is a warning / set offset_critical to 2000 s \
             or more, or offset_warning to 1000 s or less"
        );
        lab["checks"]["device.clock"]["limits"]["offset_warning"] = json!(900);
        assert_eq!(put(&bench, "lab", lab).await, "taken");
        let path = "/policies/all";
        let kept = bench.get("admin", path).await;
        let expected = json!({"limits": {"offset_critical": 1000.0}});
        assert_eq!(kept["checks"]["device.clock"], expected);
    })
    .await;
}
