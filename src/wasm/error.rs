//! Errors as the page gets them: real `Error`s whose field `code` says for programs what the message says for people.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// What a call from the page ends with when it fails.
#[derive(Debug)]
pub struct Failure {
    code: &'static str,
    message: String,
}

impl Failure {
    pub fn new(code: &'static str, message: impl ToString) -> Self {
        Self { code, message: message.to_string() }
    }

    /// A value that its type allows and the call does not.
    pub fn argument(message: impl ToString) -> Self {
        Self::new("argument", message)
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        let error = Error::new(&failure.message);
        // It fails for frozen objects only.
        let _set = Reflect::set(&error, &"code".into(), &failure.code.into());
        error.into()
    }
}

/// Errors of one kind have one code.
macro_rules! coded {
    ($($error:ty => $code:expr),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new($code, error)
            }
        })+
    };
}
pub(super) use coded;

coded!(serde_wasm_bindgen::Error => "record");
