use super::super::testing::{NOW, on_both};
use super::*;
use crate::wording::wording;

fn tool(site: Option<&str>, name: &str, host: &str) -> NewRemoteTool {
    NewRemoteTool {
        site: site.map(str::to_owned),
        name: name.into(),
        template: format!("https://{host}/?key=s3cret&node={{hostname}}"),
        by: "ada".into(),
        at: NOW,
    }
}

async fn lyon(store: &Store) -> i64 {
    store.add_site("lyon", "ada", NOW).await.unwrap();
    store.sites().await.unwrap()[0].site_key
}

/// `name host`, of a site's tools.
async fn at(store: &Store, site_key: i64) -> Vec<String> {
    let tools = store.remote_tools_at(site_key).await.unwrap();
    let told = tools.into_iter().map(|tool| {
        let whereto = Template::of(&tool.template).unwrap().whereto();
        format!("{} {whereto}", tool.name)
    });
    told.collect()
}

#[tokio::test]
async fn a_sites_own_tool_stands_in_the_place_of_that_of_all() {
    on_both(|store| async move {
        let lyon = lyon(&store).await;
        store.add_site("oslo", "ada", NOW).await.unwrap();
        let sites = store.sites().await.unwrap();
        let oslo = sites.iter().find(|site| site.name == "oslo").unwrap();
        for one in [
            tool(None, "Mesh", "mesh.example"),
            tool(None, "Guac", "guac.example"),
            tool(Some("lyon"), "Mesh", "mesh.lyon.example"),
            tool(Some("oslo"), "VNC", "vnc.oslo.example"),
        ] {
            store.add_remote_tool(one).await.unwrap();
        }
        assert_eq!(
            at(&store, lyon).await,
            [
                "Guac https://guac.example",
                "Mesh https://mesh.lyon.example"
            ]
        );
        assert_eq!(
            at(&store, oslo.site_key).await,
            [
                "Guac https://guac.example",
                "Mesh https://mesh.example",
                "VNC https://vnc.oslo.example"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_is_one_tools_of_a_site() {
    on_both(|store| async move {
        lyon(&store).await;
        for site in [None, Some("lyon")] {
            let first = store.add_remote_tool(tool(site, "Mesh", "one.example"));
            let first = first.await.unwrap();
            let again = store.add_remote_tool(tool(site, "Mesh", "two.example"));
            let taken = StoreError::conflict(wording!(
                "a remote tool of the same site is called {} already",
                "Mesh"
            ));
            assert_eq!(again.await, Err(taken.clone()));
            let other = store.add_remote_tool(tool(site, "Guac", "guac.example"));
            let other = other.await.unwrap();
            let renamed = store.set_remote_tool(other, tool(site, "Mesh", "guac.example"));
            assert_eq!(renamed.await, Err(taken));
            let same = store.set_remote_tool(first, tool(site, "Mesh", "three.example"));
            same.await.unwrap();
            let kept = store.remote_tool(first).await.unwrap().unwrap();
            assert!(kept.template.contains("three"), "{kept:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_done_to_a_tool_is_in_the_audit_log_without_its_secrets() {
    on_both(|store| async move {
        let id = store.add_remote_tool(tool(None, "Mesh", "one.example"));
        let id = id.await.unwrap();
        let set = store.set_remote_tool(id, tool(None, "Mesh 2", "two.example"));
        set.await.unwrap();
        store.remove_remote_tool(id, "ada", NOW).await.unwrap();
        let gone = Err(StoreError::NotFound {
            what: wording!("remote tool"),
        });
        assert_eq!(store.remove_remote_tool(id, "ada", NOW).await, gone);
        let set = store.set_remote_tool(id, tool(None, "Mesh", "one.example"));
        assert_eq!(set.await, gone);
        let log = store.audit_log(None, 9).await.unwrap();
        let deeds = log.iter().map(|link| {
            let entry = &link.entry;
            assert_eq!((&*entry.actor, &entry.subject), ("ada", &id.to_string()));
            format!("{} {}", entry.deed, entry.detail)
        });
        assert_eq!(
            deeds.collect::<Vec<_>>(),
            [
                "remote_tool.remove Mesh 2",
                "remote_tool.set Mesh 2: https://two.example",
                "remote_tool.add Mesh: https://one.example"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn there_are_no_more_tools_than_there_is_room_for() {
    on_both(|store| async move {
        for n in 0..MOST {
            let one = tool(None, &n.to_string(), "one.example");
            store.add_remote_tool(one).await.unwrap();
        }
        let full = store
            .add_remote_tool(tool(None, "more", "one.example"))
            .await;
        assert!(matches!(full, Err(StoreError::Refused { .. })), "{full:?}");
    })
    .await;
}
