//! What people may ask of whoever keeps data about them: all of it, or that it goes.

use serde_json::{Value, json};

use super::{joined, path, resolve};
use crate::cli::output::field;
use crate::cli::{Context, Failure};

/// All that is held of a person.
pub(super) async fn export(context: &mut Context, person: &str) -> Result<(), Failure> {
    let id = resolve(context, person).await?;
    let path = format!("{}/export", path(&id));
    let all = context.client().await?.get(&path).await?;
    Ok(context.output.value(&all)?)
}

/// Erases a person whose name was typed.
pub(super) async fn erase(
    context: &mut Context,
    person: &str,
    name: &str,
    words: bool,
) -> Result<(), Failure> {
    let id = resolve(context, person).await?;
    let body = json!({ "name": name, "words": words });
    let path = format!("{}/erase", path(&id));
    let erased = context.client().await?.post(&path, &body).await?;
    if context.output.json {
        return Ok(context.output.value(&erased)?);
    }
    told(context, &id, &erased)
}

fn told(context: &Context, id: &str, erased: &Value) -> Result<(), Failure> {
    let numbers = |name: &str| joined(&erased[name]);
    let (theirs, doubtful) = (numbers("tickets"), numbers("doubtful"));
    let output = &context.output;
    output.line(&format!("person {id} is erased"))?;
    if !theirs.is_empty() {
        let pseudonym = field(erased, "pseudonym");
        output.line(&format!("{pseudonym:?} stands on tickets {theirs}"))?;
    }
    if !doubtful.is_empty() {
        output.line(&format!(
            "tickets {doubtful} are as they were: they may be another person's of the same name"
        ))?;
    }
    Ok(())
}
