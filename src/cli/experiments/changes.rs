//! What sets settings apart, in words and as options.

use saddle::mnist::train::Settings;

/// Settings as named values, seed and preset apart.
fn named(settings: &Settings) -> Vec<(String, String)> {
    let value = serde_json::to_value(settings).unwrap_or_default();
    let fields = value.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| *name != "seed" && *name != "preset")
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect()
}

/// f32 values come as the f64 next to them: back to their own digits.
fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) if number.is_f64() => {
            (number.as_f64().unwrap_or_default() as f32).to_string()
        }
        other => other.to_string(),
    }
}

/// What `to` has in the place of `from`.
pub(super) fn between(from: &Settings, to: &Settings) -> Vec<String> {
    let pairs = named(from).into_iter().zip(named(to));
    pairs
        .filter(|(a, b)| a != b)
        .map(|((name, before), (_, after))| format!("{name} {after} instead of {before}"))
        .collect()
}

/// What a preset's own settings lack, as options of `saddle train`.
pub(super) fn options(settings: &Settings) -> String {
    let usual = named(&Settings::of(settings.preset));
    let pairs = usual.into_iter().zip(named(settings));
    let mut out = String::new();
    for ((_, before), (name, after)) in pairs {
        if before != after {
            out += " --";
            for c in name.chars() {
                if c.is_uppercase() {
                    out.push('-');
                }
                out.push(c.to_ascii_lowercase());
            }
            out += &format!(" {after}");
        }
    }
    out
}
