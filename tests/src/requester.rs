//! A requester in front of their page: a browser that reads it and presses its buttons, and can do nothing else.

use anyhow::{Context as _, Result, ensure};

use crate::console::{Answer, Said, exchange};
use crate::world::World;

/// A page behind an address.
pub struct Page {
    path: String,
}

impl Page {
    /// At the address that somebody was given.
    pub fn at(world: &World, url: &str) -> Result<Self> {
        let path = url.strip_prefix(&world.bound().console);
        Ok(Self {
            path: path.with_context(|| url.to_owned())?.to_owned(),
        })
    }

    pub fn answer(&self, world: &World) -> Result<Answer> {
        exchange(world, &self.path, Said::Nothing)
    }

    /// What it shows.
    pub fn read(&self, world: &World) -> Result<String> {
        let answer = self.answer(world)?;
        ensure!(answer.status == 200, "{answer:?}");
        Ok(answer.body)
    }

    /// Presses the button with this value, with what was typed into the field beside it.
    pub fn press(&self, world: &World, value: &str, text: &str) -> Result<()> {
        let page = self.read(world)?;
        let wanted = format!("value=\"{value}\"");
        let mut forms = page.split("<form ").skip(1);
        let form = forms.find(|form| {
            form.split("</form>")
                .next()
                .is_some_and(|form| form.contains(&wanted))
        });
        let form = form.with_context(|| format!("no button {value}: {page}"))?;
        let between = |text: &str, from: &str| -> Option<String> {
            let rest = text.split_once(from)?.1;
            Some(rest.split_once('"')?.0.to_owned())
        };
        let button = form
            .split("<button")
            .find(|button| button.contains(&wanted));
        let name = button.and_then(|button| between(button, "name=\""));
        let action = between(form, "action=\"").context("a form that goes nowhere")?;
        let action = action.replace("&amp;", "&");
        let mut body = format!("{}={value}", name.context("a button without a name")?);
        if form.contains("name=\"text\"") {
            body.push_str(&format!("&text={}", escaped(text)));
        }
        self.send(world, &action, &body)
    }

    /// Writes a message.
    pub fn write(&self, world: &World, text: &str) -> Result<()> {
        let action = format!("{}/message", self.path);
        self.send(world, &action, &format!("text={}", escaped(text)))
    }

    /// Says what does not work, where help is asked for; gives the page of the ticket that comes of it.
    pub fn ask(&self, world: &World, text: &str) -> Result<Self> {
        let action = format!("{}/ask", self.path);
        let form = format!("text={}&since=", escaped(text));
        let answer = exchange(world, &action, Said::Form(&form))?;
        ensure!(answer.status == 303, "{answer:?}");
        let path = answer.header("location").context("it leads nowhere")?;
        Ok(Self {
            path: path.split('?').next().unwrap_or_default().to_owned(),
        })
    }

    fn send(&self, world: &World, action: &str, body: &str) -> Result<()> {
        let answer = exchange(world, action, Said::Form(body))?;
        ensure!(answer.status == 303, "{body}: {answer:?}");
        let back = answer.header("location").context("it leads nowhere")?;
        ensure!(back.starts_with(&self.path), "{back}");
        Ok(())
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
