//! How a simulated machine puts its texts: as an honest one would, or to do harm in a browser and a terminal.

/// Each does its harm at some exit.
pub const HARM: &[&str] = &[
    "<script>window.stolen = 1</script>",
    "<img src=x onerror=\"window.stolen = 1\">",
    "</textarea></title><svg onload=window.stolen=1>",
    "javascript:window.stolen=1",
    "https://evil.example/?a=1&b=<b>2</b>",
    "\u{1b}]8;;https://evil.example\u{7}click\u{1b}]8;;\u{7}",
    "\u{1b}[31mred\u{1b}[0m",
    "user\u{202e}txt.exe",
    "{{constructor.constructor('window.stolen=1')()}}",
    "${window.stolen=1} %3Cscript%3E $t(evil) {evil}",
    "'\"`=1+1;url(https://evil.example)",
];

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Honest,
    Hostile,
}

impl Tone {
    /// What stands where an honest machine says `text`.
    pub(super) fn say(self, text: &str) -> String {
        match self {
            Self::Honest => text.to_owned(),
            Self::Hostile => {
                let which = text.bytes().map(usize::from).sum::<usize>();
                format!("{} {text}", HARM[which % HARM.len()])
            }
        }
    }
}
