//! Who somebody is: passwords, second factors, credentials, and the throttle before them.

pub mod enrolment;
mod password;
mod second_factor;
mod secret;
mod sign_in;
mod user;

pub use password::{PASSWORD_LENGTH, WeakPassword, hash_password, verify_password};
pub use second_factor::{
    NewSecondFactor, SecondFactorError, confirm_second_factor, new_second_factor,
};
pub use secret::{hash_secret, new_secret};
pub use sign_in::{
    Proof, SESSION_IDLE_US, SESSION_US, SignIn, SignInError, SignedInNow, TOKEN_US,
    confirm_password, prove, sign_in,
};
pub(crate) use user::name_rule;
pub use user::{CreatedUser, NewUser, UserError, create_user, reset_user};
