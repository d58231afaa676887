//! What the schema's own readers refuse, in wordings: they know English alone.

use sonde_proto::asset::{self, Barred, WrongAddress};
use sonde_proto::code::{self, CodeError};
use sonde_proto::target::{self, WrongTarget};

use super::{Wording, wording};

/// Why a text is no asset's address.
pub(crate) fn address(wrong: &WrongAddress) -> Wording {
    match wrong {
        WrongAddress::Long => wording!("it is longer than {} characters", asset::LONGEST),
        WrongAddress::Host(host) => {
            wording!("{} is neither a name nor an address", ?host)
        }
        WrongAddress::Port => wording!("a port is a number from 1 to 65535"),
        WrongAddress::Barred { host, why } => {
            wording!("{} is not one thing's: {}", host, barred(*why))
        }
    }
}

fn barred(why: Barred) -> Wording {
    match why {
        Barred::Nobody => wording!("it is nobody's"),
        Barred::Itself => wording!("it is that of the machine itself"),
        Barred::Several => wording!("it stands for several"),
        Barred::OneLink => wording!("it holds on one link alone, and does not say on which"),
    }
}

/// What every refusal of an address goes on with.
pub(crate) fn address_remedy() -> Wording {
    wording!("write it as 192.0.2.7, 2001:db8::7 or printer.example")
}

/// Why a text is no target of a check.
pub(crate) fn target(wrong: &WrongTarget) -> Wording {
    match wrong {
        WrongTarget::Long => wording!("it is longer than {} characters", target::LONGEST),
        WrongTarget::Character => wording!(
            "it has a character that no address has: only ASCII without spaces, `#`, quotes, `<`, `>` and `\\`"
        ),
        WrongTarget::Scheme => {
            wording!("it begins with none of tcp://, tls://, http://, https://")
        }
        WrongTarget::User => wording!("a user or password does not belong into it"),
        WrongTarget::Host(host) => wording!(
            "{} is neither a name nor an address; one of IPv6 stands in brackets",
            ?host
        ),
        WrongTarget::Port => wording!("a port from 1 to 65535 has to follow the host"),
        WrongTarget::Path => wording!("nothing may follow the port"),
        WrongTarget::Twice => wording!("it stands there twice"),
        WrongTarget::TooMany => wording!("there are more than {}", target::MOST),
    }
}

/// What every refusal of a target goes on with.
pub(crate) fn target_remedy() -> Wording {
    wording!(
        "write it as tcp://host:port, tls://host:port, http://host[:port]/path or https://host[:port]/path"
    )
}

/// Why a text is no spoken code.
pub(crate) fn code(wrong: CodeError) -> Wording {
    match wrong {
        CodeError::TooShort(n) => wording!(
            "the code has {} characters, where {} are needed",
            n,
            code::SYMBOLS
        ),
        CodeError::TooLong => wording!("the code has more than {} characters", code::SYMBOLS),
        CodeError::Symbol { symbol, place } => wording!(
            "{}, character {}, is none that a code has there",
            ?symbol,
            place
        ),
        CodeError::Check => {
            wording!("the check symbol does not fit: a character was misread or misheard")
        }
        CodeError::Version(version) => wording!(
            "the code has the version {}, which this collector does not know",
            version
        ),
        CodeError::Content => wording!("the code says nothing that a device would say"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_is_that_of_the_schema() {
        let host = || "a b".to_owned();
        let barred = |why| WrongAddress::Barred { host: host(), why };
        for wrong in [
            WrongAddress::Long,
            WrongAddress::Host(host()),
            WrongAddress::Port,
            barred(Barred::Nobody),
            barred(Barred::Itself),
            barred(Barred::Several),
            barred(Barred::OneLink),
        ] {
            assert_eq!(address(&wrong).to_string(), wrong.to_string());
        }
        for wrong in [
            WrongTarget::Long,
            WrongTarget::Character,
            WrongTarget::Scheme,
            WrongTarget::User,
            WrongTarget::Host(host()),
            WrongTarget::Port,
            WrongTarget::Path,
            WrongTarget::Twice,
            WrongTarget::TooMany,
        ] {
            assert_eq!(target(&wrong).to_string(), wrong.to_string());
        }
        let (symbol, place) = ('u', 3);
        for wrong in [
            CodeError::TooShort(2),
            CodeError::TooLong,
            CodeError::Symbol { symbol, place },
            CodeError::Check,
            CodeError::Version(9),
            CodeError::Content,
        ] {
            assert_eq!(code(wrong).to_string(), wrong.to_string());
        }
        assert_eq!(address_remedy().to_string(), asset::REMEDY);
        assert_eq!(target_remedy().to_string(), target::REMEDY);
    }
}
