//! The way to the collector when the network is the patient: proxies of every manner, and a name that is gone.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::load::whole;
use crate::machine::lacks;
use crate::program::{command, output, own, programs, wait};
use crate::proxy::{Manner, Proxy, inspecting};
use crate::world::{Agent, Person, World, device_id};

/// A name that no name server knows (RFC 6761 §6.4).
const NOWHERE: &str = "collector.invalid";

/// A collector that a device reaches through a proxy or not at all.
struct Scene {
    agent: Agent,
    person: Person,
    proxy: Proxy,
    world: World,
}

/// How the agent learns of the proxy.
#[derive(Clone, Copy, Debug)]
enum Told {
    ByConfiguration,
    ByEnvironment,
}

impl Scene {
    fn new(told: Told) -> Result<Self> {
        let mut world = World::sqlite()?;
        world.settings = "report_every_seconds = 1\n".into();
        world.stop_collector()?;
        world.start_collector()?;
        let person = world.person("ada", "technician")?;
        let proxy = Proxy::start(world.bound().agents.parse()?)?;
        let state = world.folder().join("agent");
        let mut enroll = world.enroll_command(&Self::collector(&world)?, &state)?;
        Self::tell(&world, &proxy, told, &mut enroll)?;
        let id = device_id(&output(&mut enroll)?)?;
        let agent = Agent::over(&id, &state, &world.folder().join("agent.log"));
        let mut scene = Self {
            agent,
            person,
            proxy,
            world,
        };
        let mut run = own("sonde-agent");
        Self::tell(&scene.world, &scene.proxy, told, &mut run)?;
        scene.agent.start_with(&mut run)?;
        scene.person.wait_for(&scene.agent, true)?;
        Ok(scene)
    }

    fn collector(world: &World) -> Result<String> {
        let bound = &world.bound().agents;
        let (_, port) = bound.rsplit_once(':').context("no port")?;
        Ok(format!("https://{NOWHERE}:{port}"))
    }

    fn tell(world: &World, proxy: &Proxy, told: Told, agent: &mut Command) -> Result<()> {
        let address = format!("http://{}", proxy.at);
        match told {
            Told::ByEnvironment => {
                agent.env("https_proxy", address).env("no_proxy", "example");
            }
            Told::ByConfiguration => {
                let config = world.folder().join("agent.toml");
                std::fs::write(&config, format!("proxy = \"{address}\"\n"))?;
                agent.arg("--config").arg(config);
                agent.env("https_proxy", "http://127.0.0.1:9");
            }
        }
        Ok(())
    }

    /// Why it is not connected, in the words of `sonde-agent status`; the same stands in its log.
    fn complains_of(&self, what: &[&str]) -> Result<()> {
        let says = |text: &str| what.iter().all(|what| text.contains(what));
        let told = wait("the agent's complaint", || {
            let (told, json) = self.agent.status().ok()?;
            let is_told = told
                .lines()
                .any(|line| line.starts_with("not connected") && says(line));
            (is_told && says(json["trouble"].as_str()?)).then_some(told)
        })
        .with_context(|| self.agent.log())?;
        let log = self.agent.log();
        let logged = log
            .lines()
            .any(|line| line.contains("the collector cannot be reached") && says(line));
        ensure!(logged, "{log}");
        println!("{}", told.lines().nth(2).unwrap_or_default());
        Ok(())
    }

    /// By itself, once the proxy carries again.
    fn comes_back(&self, n_before: usize) -> Result<()> {
        wait("the next tunnel", || {
            (self.proxy.n_tunnels() > n_before).then_some(())
        })
        .with_context(|| self.agent.log())?;
        self.person.wait_for(&self.agent, true)
    }
}

#[test]
fn a_proxy_is_the_only_way_and_what_it_answers_is_named() -> Result<()> {
    for told in [Told::ByConfiguration, Told::ByEnvironment] {
        let scene = Scene::new(told)?;
        let place = Scene::collector(&scene.world)?.replace("https://", "");
        ensure!(
            scene.proxy.asked() == [place].into(),
            "{told:?}: {:?}",
            scene.proxy.asked()
        );
        let proxy = scene.proxy.at.to_string();
        for status in ["407 Proxy Authentication Required", "502 Bad Gateway"] {
            let n_before = scene.proxy.n_tunnels();
            scene.proxy.becomes(Manner::Answers(status));
            let (code, _) = status.split_once(' ').context("no code")?;
            scene.complains_of(&["the proxy", &proxy, NOWHERE, code])?;
            scene.proxy.becomes(Manner::Tunnels);
            scene.comes_back(n_before)?;
        }
        let [_, rejected, _] = wait("the account of all numbers", || {
            whole(&scene.person, &scene.agent.id).ok()
        })?;
        ensure!(rejected == 0, "{rejected} reports were rejected");
    }
    Ok(())
}

#[test]
fn a_proxy_that_looks_into_tls_is_called_that() -> Result<()> {
    let scene = Scene::new(Told::ByEnvironment)?;
    let proxy = format!("through the proxy {}", scene.proxy.at);
    let said = ["a proxy that inspects TLS", NOWHERE, &proxy];
    // It shows what the agent asks for, and what was asked of the proxy.
    for names in [["collector.sonde.internal"], [NOWHERE]] {
        let n_before = scene.proxy.n_tunnels();
        scene.proxy.becomes(inspecting(&names)?);
        scene.complains_of(&said)?;
        let state = scene.world.folder().join("other");
        let mut enroll = scene
            .world
            .enroll_command(&Scene::collector(&scene.world)?, &state)?;
        Scene::tell(&scene.world, &scene.proxy, Told::ByEnvironment, &mut enroll)?;
        let refused = output(&mut enroll).err().context("it enrolled")?;
        let refused = refused.to_string();
        ensure!(said.iter().all(|said| refused.contains(said)), "{refused}");
        scene.proxy.becomes(Manner::Tunnels);
        scene.comes_back(n_before)?;
    }
    Ok(())
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_and_its_password_is_not() -> Result<()> {
    let world = World::sqlite()?;
    for (proxy, said) in [
        // Discard (RFC 863): nobody listens there any more.
        ("http://127.0.0.1:9", "the proxy 127.0.0.1:9"),
        (
            "http://proxy.invalid:3128",
            "the name proxy.invalid does not resolve",
        ),
        ("http://me:secret@proxy.invalid:3128", "the proxy's address"),
    ] {
        let state = world.folder().join("agent");
        let mut enroll = world.enroll_command(&Scene::collector(&world)?, &state)?;
        let refused = output(enroll.env("https_proxy", proxy)).err();
        let refused = refused.context("it enrolled")?.to_string();
        // What was run is quoted first.
        let refused = refused.lines().last().unwrap_or_default().to_owned();
        ensure!(
            refused.contains(said) && !refused.contains("secret"),
            "{refused}"
        );
        println!("{refused}");
    }
    Ok(())
}

/// A program with its own table of hosts and no name server.
fn with_hosts(hosts: &Path, resolver: &Path, program: &Path) -> Command {
    let mut inside = command("unshare");
    let over = "mount --bind \"$0\" /etc/hosts && mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"";
    inside.args(["--mount", "sh", "-c", over]);
    inside.arg(hosts).arg(resolver).arg(program);
    inside
}

#[test]
fn a_collector_whose_name_is_gone_is_found_where_it_was() -> Result<()> {
    if let Some(lack) = lacks(&[("unshare", "util-linux")]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let name = "collector.office.test";
    let mut world = World::sqlite()?;
    let person = world.person("ada", "technician")?;
    let at = |name: &str| world.folder().join(name);
    let (hosts, resolver, state) = (at("hosts"), at("resolv.conf"), at("agent"));
    // Nothing listens there: who asks is told so at once.
    std::fs::write(&resolver, "nameserver 127.0.0.9\noptions attempts:1\n")?;
    let bound = world.bound().agents.clone();
    let (address, port) = bound.rsplit_once(':').context("no port")?;
    std::fs::write(&hosts, format!("{address} {name}\n"))?;
    let inside = |program: &Path| with_hosts(&hosts, &resolver, program);
    let wanted = world.enroll_command(&format!("https://{name}:{port}"), &state)?;
    let mut enroll = inside(&programs().join("sonde-agent"));
    enroll.args(wanted.get_args());
    let id = device_id(&output(&mut enroll)?)?;
    let mut agent = Agent::over(&id, &state, &world.folder().join("agent.log"));
    let start = |agent: &mut Agent| agent.start_with(&mut inside(&programs().join("sonde-agent")));
    start(&mut agent)?;
    person.wait_for(&agent, true)?;
    for (there, what) in [
        (String::new(), "nowhere"),
        (format!("127.0.0.9 {name}\n"), "where nobody listens"),
    ] {
        // The same file: it is what the agent's namespace sees.
        std::fs::write(&hosts, &there)?;
        let mut look = inside(Path::new("getent"));
        let found = output(look.args(["ahostsv4", name])).unwrap_or_default();
        ensure!(!found.contains(address), "it still leads there: {found}");
        let n_before = agent.log().matches("connected device.id").count();
        world.stop_collector()?;
        world.start_collector()?;
        let n_sessions = |agent: &Agent| agent.log().matches("connected device.id").count();
        wait("its next session", || {
            (n_sessions(&agent) > n_before).then_some(())
        })
        .with_context(|| agent.log())?;
        agent.kill()?;
        person.wait_for(&agent, false)?;
        start(&mut agent)?;
        person.wait_for(&agent, true)?;
        println!("the name led {what}: found again, and after a crash");
    }
    Ok(())
}
