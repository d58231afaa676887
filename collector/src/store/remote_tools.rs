//! Remote desktop tools of sites, or of all: what a device is opened in.

#[cfg(test)]
mod tests;

use super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit, sites};
use crate::desk::remote_tool::Template;
use crate::wording::wording;

/// Tools of all sites together.
pub const MOST: i64 = 200;

/// A tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteTool {
    pub id: Id,
    /// Key and name; none: it is of all sites.
    pub site: Option<(i64, String)>,
    pub name: String,
    pub template: String,
    pub changed_at: TimeUs,
    pub changed_by: String,
}

/// A tool as it is from now on.
#[derive(Debug, Clone)]
pub struct NewRemoteTool {
    /// None: of all sites.
    pub site: Option<String>,
    pub name: String,
    pub template: String,
    pub by: String,
    pub at: TimeUs,
}

const SELECT: &str = "SELECT r.id, r.site_key, s.name, r.name, r.template, r.changed_at, r.changed_by \
     FROM remote_tools r LEFT JOIN sites s ON s.site_key = r.site_key";

fn read(columns: &mut Columns<'_>) -> Result<RemoteTool, StoreError> {
    Ok(RemoteTool {
        id: columns.id()?,
        site: columns.opt_int()?.zip(columns.opt_text()?),
        name: columns.text()?,
        template: columns.text()?,
        changed_at: columns.int()?,
        changed_by: columns.text()?,
    })
}

impl Store {
    /// All tools by name, those of all sites before those of one.
    ///
    /// # Errors
    /// The store's own.
    pub async fn remote_tools(&self) -> Result<Vec<RemoteTool>, StoreError> {
        let mut on = self.reader().await?;
        let mut tools = Query::new(SELECT).read(&mut on, read).await?;
        tools.sort_by(|one, other| {
            let of = |tool: &RemoteTool| (tool.name.clone(), tool.site.clone(), tool.id);
            of(one).cmp(&of(other))
        });
        Ok(tools)
    }

    /// One of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn remote_tool(&self, id: Id) -> Result<Option<RemoteTool>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push(" WHERE r.id = $1")
            .bind(id)
            .read_optional(&mut on, read)
            .await
    }

    /// What a site's devices are opened in, by name: its own, and those of all sites that it has no own of that name for.
    ///
    /// # Errors
    /// The store's own.
    pub async fn remote_tools_at(&self, site_key: i64) -> Result<Vec<RemoteTool>, StoreError> {
        let mut tools = self.remote_tools().await?;
        let is_own =
            |tool: &RemoteTool| tool.site.as_ref().is_some_and(|(key, _)| *key == site_key);
        let own = tools.iter().filter(|tool| is_own(tool));
        let own: Vec<String> = own.map(|tool| tool.name.clone()).collect();
        tools.retain(|tool| match &tool.site {
            Some(_) => is_own(tool),
            None => !own.contains(&tool.name),
        });
        Ok(tools)
    }

    /// Adds a tool, with the audit entry.
    ///
    /// # Errors
    /// Refused: there are [`MOST`]. Not found: the site. Conflict: another one of the site has the name.
    pub async fn add_remote_tool(&self, tool: NewRemoteTool) -> Result<Id, StoreError> {
        self.write(tool, |tx, tool| Box::pin(add(tx, tool))).await
    }

    /// Replaces name and template of a tool, with the audit entry. Its site stays: it is the one given.
    ///
    /// # Errors
    /// Not found: the tool. Conflict: another one of the site has the name.
    pub async fn set_remote_tool(&self, id: Id, tool: NewRemoteTool) -> Result<(), StoreError> {
        self.write((id, tool), |tx, (id, tool)| Box::pin(set(tx, *id, tool)))
            .await
    }

    /// Removes a tool, with the audit entry.
    ///
    /// # Errors
    /// Not found: the tool.
    pub async fn remove_remote_tool(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(async move {
                let name = Query::new("DELETE FROM remote_tools WHERE id = $1 RETURNING name")
                    .bind(*id)
                    .read_optional(&mut tx.on, |columns| columns.text())
                    .await?
                    .ok_or_else(missing)?;
                audit::note(tx, by, "remote_tool.remove", id, &name, *at).await
            })
        })
        .await
    }
}

fn missing() -> StoreError {
    StoreError::NotFound {
        what: wording!("remote tool"),
    }
}

async fn add(tx: &mut Tx, tool: &NewRemoteTool) -> Result<Id, StoreError> {
    let row = Query::new("SELECT COUNT(*) FROM remote_tools")
        .one(&mut tx.on)
        .await?;
    if Columns::of(&row).int()? >= MOST {
        let what = wording!("there are {} already", MOST);
        return Err(StoreError::refused("tool", what).remedy(wording!("remove some of them")));
    }
    let id = Id::random();
    let site_key = free(tx, id, tool).await?;
    Query::new(
        "INSERT INTO remote_tools (id, site_key, name, template, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(site_key)
    .bind(&tool.name)
    .bind(&tool.template)
    .bind(tool.at)
    .bind(&tool.by)
    .execute(&mut tx.on)
    .await?;
    note(tx, "remote_tool.add", id, tool).await?;
    Ok(id)
}

async fn set(tx: &mut Tx, id: Id, tool: &NewRemoteTool) -> Result<(), StoreError> {
    free(tx, id, tool).await?;
    let n_rows = Query::new(
        "UPDATE remote_tools SET name = $1, template = $2, changed_at = $3, changed_by = $4 WHERE id = $5",
    )
    .bind(&tool.name)
    .bind(&tool.template)
    .bind(tool.at)
    .bind(&tool.by)
    .bind(id)
    .execute(&mut tx.on)
    .await?;
    match n_rows {
        0 => Err(missing()),
        _ => note(tx, "remote_tool.set", id, tool).await,
    }
}

/// The key of its site, where no other tool has the name.
async fn free(tx: &mut Tx, id: Id, tool: &NewRemoteTool) -> Result<Option<i64>, StoreError> {
    let site_key = match &tool.site {
        Some(site) => Some(sites::site_key(tx, site).await?),
        None => None,
    };
    let query = Query::new("SELECT COUNT(*) FROM remote_tools WHERE name = ")
        .arg(&tool.name)
        .push(" AND id <> ")
        .arg(id);
    let query = match site_key {
        Some(site_key) => query.push(" AND site_key = ").arg(site_key),
        None => query.push(" AND site_key IS NULL"),
    };
    let row = query.one(&mut tx.on).await?;
    match Columns::of(&row).int()? {
        0 => Ok(site_key),
        _ => Err(StoreError::conflict(wording!(
            "a remote tool of the same site is called {} already",
            tool.name
        ))),
    }
}

/// The log is never erased: of the template it has no more than where it leads.
async fn note(tx: &mut Tx, deed: &str, id: Id, tool: &NewRemoteTool) -> Result<(), StoreError> {
    let whereto = Template::of(&tool.template)?.whereto();
    let detail = format!("{}: {whereto}", tool.name);
    audit::note(tx, &tool.by, deed, id, &detail, tool.at).await
}
