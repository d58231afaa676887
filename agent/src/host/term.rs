//! What a machine may leave untold, and why, in words of ours.

use serde::{Deserialize, Serialize};

use crate::finding::Text;

macro_rules! terms {
    ($($term:ident = $id:literal, $en:literal, $fr:literal;)*) => {
        /// A phrase that is not the machine's own; `{of}` in it is a name of the machine's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Term {
            $($term),*
        }

        impl Term {
            /// Its words.
            pub fn text(self) -> &'static Text {
                match self {
                    $(Self::$term => const { &Text::technician($id, $en, $fr) }),*
                }
            }
        }

        /// Those of every term.
        pub const TERMS: &[Text] = &[$(Text::technician($id, $en, $fr)),*];
    };
}

// The French stands alone or after a colon, so that it needs no article.
terms! {
    Addresses = "term.addresses", "addresses", "adresses";
    AgentCost = "term.agent_cost", "the agent's own cost", "coût de l'agent lui-même";
    Answer = "term.answer", "answer", "réponse";
    AnsweringNameServer = "term.answering_name_server", "name server that answers", "serveur de noms qui réponde";
    Arguments = "term.arguments", "arguments", "arguments";
    Arp = "term.arp", "ARP", "ARP";
    ArpOn = "term.arp_on", "ARP on {of}", "ARP sur {of}";
    ArpSocket = "term.arp_socket", "ARP socket", "socket ARP";
    Arrays = "term.arrays", "arrays of disks", "grappes de disques";
    AskedUser = "term.asked_user", "the user who was asked", "utilisateur à qui la question s'adressait";
    Authorities = "term.authorities", "list of trusted authorities", "liste des autorités de confiance";
    Batteries = "term.batteries", "batteries", "batteries";
    BlockedProcesses = "term.blocked_processes", "processes that wait in the kernel", "processus en attente dans le noyau";
    BlockedUnits = "term.blocked_units", "units that cannot be started", "unités qui ne peuvent pas démarrer";
    BootTime = "term.boot_time", "moment of boot", "moment du démarrage";
    Caches = "term.caches", "system caches", "caches du système";
    Certificates = "term.certificates", "certificates of services", "certificats des services";
    Checks = "term.checks", "checks", "contrôles";
    ClockDaemon = "term.clock_daemon", "time daemon (chrony, ntpd, systemd-timesyncd)", "démon d'horloge (chrony, ntpd, systemd-timesyncd)";
    ClockSetters = "term.clock_setters", "who may set the clock", "droit de régler l'horloge";
    ConfiguredMounts = "term.configured_mounts", "configured mounts", "montages configurés";
    Crashes = "term.crashes", "crashes", "plantages";
    DeletedFiles = "term.deleted_files", "deleted files that are open", "fichiers supprimés encore ouverts";
    DhcpClients = "term.dhcp_clients", "DHCP clients", "clients DHCP";
    DhcpLeases = "term.dhcp_leases", "DHCP leases", "baux DHCP";
    DiskCounters = "term.disk_counters", "disk counters", "compteurs des disques";
    DiskHealth = "term.disk_health", "what disks say of themselves", "ce que les disques disent d'eux-mêmes";
    Disks = "term.disks", "disks", "disques";
    Echo = "term.echo", "ICMP echo", "écho ICMP";
    EchoSocket = "term.echo_socket", "ICMP echo socket", "socket d'écho ICMP";
    EndsEarly = "term.ends_early", "the answer ends early", "la réponse s'arrête avant la fin";
    ErrorLog = "term.error_log", "errors in the log", "erreurs du journal";
    Filesystems = "term.filesystems", "file systems", "systèmes de fichiers";
    FlightRecorder = "term.flight_recorder", "flight recorder", "enregistreur de vol";
    FreeRoom = "term.free_room", "room on a file system", "place sur un système de fichiers";
    GatewayAnswers = "term.gateway_answers", "the gateway answers for others", "la passerelle répond pour d'autres";
    HalfInstalled = "term.half_installed", "which packages are half installed", "paquets installés à moitié";
    HostName = "term.host_name", "host name", "nom de la machine";
    Interface = "term.interface", "interface {of}", "interface {of}";
    InterfaceCounters = "term.interface_counters", "interface counters", "compteurs des interfaces";
    Interfaces = "term.interfaces", "interfaces", "interfaces";
    Journal = "term.journal", "journal", "journal de systemd";
    JournalOrSyslog = "term.journal_or_syslog", "journal or syslog file", "journal de systemd ou fichier syslog";
    KernelMarks = "term.kernel_marks", "what the kernel notes against itself", "ce que le noyau note contre lui-même";
    KernelRefused = "term.kernel_refused", "the kernel refused", "refus du noyau";
    KernelRelease = "term.kernel_release", "kernel release", "version du noyau";
    KernelTaskLimit = "term.kernel_task_limit", "limit of the kernel's for processes", "limite de processus du noyau";
    Kills = "term.kills", "kills for want of memory", "arrêts forcés par manque de mémoire";
    Lacks = "term.lacks", "no {of}", "{of} manque";
    Listeners = "term.listeners", "listeners", "ports en écoute";
    Load = "term.load", "load", "charge";
    Logs = "term.logs", "logs", "journaux";
    LongOutput = "term.long_output", "its output is longer than its limit", "sortie plus longue que sa limite";
    Memory = "term.memory", "memory", "mémoire";
    MemoryErrorCounter = "term.memory_error_counter", "counter of memory errors (EDAC)", "compteur d'erreurs de la mémoire (EDAC)";
    MemoryErrors = "term.memory_errors", "errors of the memory", "erreurs de la mémoire";
    MountPoint = "term.mount_point", "mount point", "point de montage";
    MountUsers = "term.mount_users", "who uses a mount", "utilisateurs d'un montage";
    NameServerKeeper = "term.name_server_keeper", "who keeps the name servers", "service qui gère les serveurs de noms";
    NameServers = "term.name_servers", "name servers", "serveurs de noms";
    Neighbours = "term.neighbours", "neighbours", "voisins du réseau";
    NiceValues = "term.nice_values", "nice values", "valeurs de nice";
    NoCertificate = "term.no_certificate", "no certificate", "pas de certificat";
    NoNumber = "term.no_number", "no number", "pas un nombre";
    NoRow = "term.no_row", "no row", "aucune ligne";
    NotInForm = "term.not_in_form", "not in the form of {of}", "pas de la forme de {of}";
    NotTwoPorts = "term.not_two_ports", "not two ports", "pas deux ports";
    Notifications = "term.notifications", "the desktop's notifications", "notifications du bureau";
    OldLogs = "term.old_logs", "old logs", "anciens journaux";
    OpenFiles = "term.open_files", "open files", "fichiers ouverts";
    OrderJournal = "term.order_journal", "journal of orders", "journal des ordres";
    OtherForm = "term.other_form", "an answer of another form", "réponse d'une autre forme";
    OthersFiles = "term.others_files", "open files of other users' processes", "fichiers ouverts par les processus d'autres utilisateurs";
    OwnDisk = "term.own_disk", "disk that is this machine's own: those that it has are virtual", "disque propre à cette machine : ceux qu'elle a sont virtuels";
    PackageList = "term.package_list", "list of packages (apt-get update)", "liste des paquets (apt-get update)";
    PackageLock = "term.package_lock", "the package manager's lock", "verrou du gestionnaire de paquets";
    PackageManager = "term.package_manager", "package manager (dpkg, rpm)", "gestionnaire de paquets (dpkg, rpm)";
    PackageRepair = "term.package_repair", "the repair of packages", "réparation des paquets";
    Packages = "term.packages", "packages", "paquets";
    PacketFilter = "term.packet_filter", "the packet filter", "filtre de paquets";
    Paging = "term.paging", "paging", "pagination";
    Ports = "term.ports", "ports", "ports";
    Pressure = "term.pressure", "pressure", "pression";
    Process = "term.process", "process {of}", "processus {of}";
    ProcessorTimes = "term.processor_times", "processor times", "temps des processeurs";
    Processors = "term.processors", "processors", "processeurs";
    Program = "term.program", "program {of}", "programme {of}";
    ReaderPanicked = "term.reader_panicked", "the reader panicked", "le lecteur s'est arrêté sur une erreur interne";
    Recorded = "term.recorded", "{of} in a recorded tree", "{of} dans une arborescence enregistrée";
    Restart = "term.restart", "whether a restart is wanted", "redémarrage nécessaire ou non";
    RestartWanted = "term.restart_wanted", "whether updates want a restart", "redémarrage demandé ou non par les mises à jour";
    RestartingServices = "term.restarting_services", "services that are started again and again", "services relancés sans cesse";
    Routes = "term.routes", "routes", "routes";
    Routing = "term.routing", "routing", "routage";
    Sensors = "term.sensors", "sensors", "capteurs";
    ServiceManager = "term.service_manager", "service manager (systemd)", "gestionnaire de services (systemd)";
    Services = "term.services", "services", "services";
    Sessions = "term.sessions", "sessions", "sessions";
    SettledNames = "term.settled_names", "settled names", "noms fixés";
    Severity = "term.severity", "severity of records in {of}", "gravité des entrées de {of}";
    Sockets = "term.sockets", "sockets", "sockets";
    Starts = "term.starts", "starts of the machine", "démarrages de la machine";
    SwapRecord = "term.swap_record", "record of what was swapped lately", "relevé récent des échanges avec le disque";
    System = "term.system", "the system", "système";
    TaskLimits = "term.task_limits", "limits for processes", "limites de processus";
    TemperatureSensor = "term.temperature_sensor", "sensor of temperature", "capteur de température";
    Temperatures = "term.temperatures", "temperatures", "températures";
    Throttling = "term.throttling", "how often the processor was slowed down", "nombre de ralentissements du processeur";
    ThrottlingCounter = "term.throttling_counter", "counter of how often the processor was slowed down", "compteur des ralentissements du processeur";
    TimeDaemon = "term.time_daemon", "the time daemon", "démon d'horloge";
    TimeDaemons = "term.time_daemons", "time daemons", "démons d'horloge";
    Timers = "term.timers", "timers", "minuteries";
    TooLarge = "term.too_large", "it is too large", "trop de données";
    Trusted = "term.trusted", "whom this machine trusts", "autorités de confiance de cette machine";
    Updates = "term.updates", "which updates wait", "mises à jour en attente";
    Uptime = "term.uptime", "time since boot", "durée depuis le démarrage";
    Users = "term.users", "users", "utilisateurs";
    Worker = "term.worker", "worker", "processus auxiliaire";
    WorkerLeftOut = "term.worker_left_out", "the worker left one out", "le processus auxiliaire en a omis un";
    WorkerSilent = "term.worker_silent", "the worker does not say how it ended", "le processus auxiliaire ne dit pas comment il a fini";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;
    use sonde_proto::message::names;

    /// Programs, by whose names what they failed to tell is known.
    const PROGRAMS: &[&str] = &["nft", "smartctl"];

    #[test]
    fn every_term_is_there_once_and_in_both_languages() {
        let ids: HashSet<_> = TERMS.iter().map(|text| text.id).collect();
        assert_eq!(ids.len(), TERMS.len());
        for text in TERMS {
            assert!(text.id.starts_with("term."), "{}", text.id);
            assert!(!text.en.is_empty() && !text.fr.is_empty(), "{}", text.id);
            for text in [text.en, text.fr] {
                assert!(names(text).all(|name| name == "of"), "{text}");
            }
            let count = |text| names(text).count();
            assert_eq!(count(text.en), count(text.fr), "{}", text.id);
        }
    }

    #[test]
    fn every_term_is_used_and_no_phrase_of_ours_stands_outside_them() {
        let mut source = String::new();
        read(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut source,
        );
        let words = source.split(|c: char| !c.is_alphanumeric() && c != ':');
        let used: HashSet<&str> = words
            .filter_map(|word| word.strip_prefix("Term::"))
            .collect();
        for text in TERMS {
            let words = text.id["term.".len()..].split('_');
            let name: String = words
                .map(|word| word[..1].to_uppercase() + &word[1..])
                .collect();
            assert!(used.contains(name.as_str()), "nobody says {}", text.id);
        }
        let makers = ["absent(", "broken(", "io(", "{ what:"];
        for made in source.split("Unavailable::").skip(1) {
            let Some(said) = makers.iter().find_map(|maker| {
                let (_, said) = made.split_once(maker).filter(|(name, _)| name.len() < 12)?;
                said.trim_start().strip_prefix('"')
            }) else {
                continue;
            };
            let said = said.split('"').next().unwrap_or_default();
            let is_name = said.starts_with('/') || PROGRAMS.contains(&said);
            assert!(is_name, "{said:?} is to be a term");
        }
    }

    /// Appends what the agent is made of, without its tests and this list.
    fn read(folder: &Path, source: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                read(&path, source);
            } else if !["term.rs", "tests.rs"].contains(&name) {
                let text = std::fs::read_to_string(&path).unwrap();
                source.push_str(text.split("#[cfg(test)]\nmod tests").next().unwrap());
            }
        }
    }
}
