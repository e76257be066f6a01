//! Whether the page can judge its exercises: it is asked itself, `www/lessons/conditions.js`, what it thinks of each
//! condition and of the links of each. What no number stands behind fails the build.

use crate::run::output;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::process::Command;

/// Asks about each exercise of the page.
pub fn check(root: &str, page: &str) -> Result<()> {
    let mut exercises = Vec::new();
    for part in page.split("data-exercise=\"").skip(1) {
        let name = part.split('"').next().unwrap_or_default();
        let condition = between(part, "data-condition=\"", "\"").unwrap_or_default();
        let condition = condition.replace("&lt;", "<").replace("&gt;", ">");
        // Up to the next exercise; those behind the last one name another task, or none.
        let links = part.split("<a class=\"operate\" href=\"").skip(1);
        let links = links.filter_map(|rest| rest.split('"').next());
        let links: Vec<_> = links
            .map(|hash| hash.replace("&amp;", "&"))
            .filter(|hash| hash.ends_with(&format!("&task={name}")))
            .collect();
        ensure!(
            links.len() >= 2,
            "www/text: the exercise `{name}` needs a link that sets it and one that answers it"
        );
        exercises.push(json!({ "name": name, "condition": condition, "links": links }));
    }
    if exercises.is_empty() {
        return Ok(());
    }
    let script = format!(
        "const {{ faults }} = await import('{root}/www/lessons/conditions.js');
         console.log(JSON.stringify(JSON.parse(process.argv[1]).flatMap(faults)));"
    );
    let mut node = Command::new("node");
    let list = json!(exercises).to_string();
    let text = output(node.args(["--input-type=module", "--eval", &script, &list]))?;
    let faults: Vec<String> =
        serde_json::from_str(&text).context("reading what www/lessons/conditions.js says")?;
    ensure!(faults.is_empty(), "www/text: {}", faults.join("; "));
    Ok(())
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.split_once(open)?.1.split(close).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(condition: &str, figure: &str) -> String {
        let link = |hash: &str| format!("<a class=\"operate\" href=\"{hash}&amp;task=one\">x</a>");
        format!(
            "<div data-exercise=\"one\" data-condition=\"{condition}\">{}{}</div>",
            link("#fig-shift"),
            link(&format!("#fig-shift&amp;fig={figure}~0.2"))
        )
    }

    #[test]
    fn a_condition_over_a_number_that_is_not_there_is_refused() {
        check("..", &page("fig.shift.jsdSlope &lt; 0.1", "shift.width")).expect("a known number");
        let error = |condition, figure| {
            format!("{:#}", check("..", &page(condition, figure)).expect_err("must be refused"))
        };
        assert!(error("fig.shift.slope &lt; 0.1", "shift.width").contains("fig.shift.slope"));
        assert!(error("game.jsd", "shift.width").contains("game.jsd"));
        assert!(error("game.only kD", "shift.width").contains("game.only kD"));
        assert!(error("game.jsd &lt; 1", "shift.wide").contains("shift.wide"));
        let alone =
            page("game.jsd &lt; 1", "shift.width").replace("#fig-shift&amp;task", "#x&amp;task");
        check("..", &alone).expect_err("a place that is not there");
    }
}
