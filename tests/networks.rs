//! The text's tables of the networks are those of the real modules.

use saddle::models::table::tables;

#[test]
fn the_text_has_the_networks_as_they_are() {
    let written = std::fs::read_to_string("www/text/networks.json").unwrap();
    let now = serde_json::to_string_pretty(&tables()).unwrap() + "\n";
    assert!(
        written == now,
        "www/text/networks.json is not what the networks are: run `cargo run --release -- networks`"
    );
}

#[test]
fn layers_add_up() {
    for pair in tables() {
        for table in [pair.generator, pair.discriminator] {
            let sum: usize = table.layers.iter().map(|row| row.parameters).sum();
            assert_eq!(sum, table.parameters, "{}", pair.preset);
        }
    }
}
