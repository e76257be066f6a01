//! The text's tables of the networks are those of the real modules, and of the files that ship.

use saddle::mnist::nets::table::tables;
use safetensors::SafeTensors;

#[test]
fn the_text_has_the_networks_as_they_are() {
    let written = std::fs::read_to_string("www/text/networks.json").unwrap();
    let now = serde_json::to_string_pretty(&tables()).unwrap() + "\n";
    assert!(
        written == now,
        "www/text/networks.json is not what the networks are: run `cargo run --release -- networks`"
    );
}

/// Numbers in the tensors of a file whose names begin so; the scales of bytes are not of the network.
fn stored(file: &SafeTensors<'_>, prefix: &str) -> usize {
    let of_network = |name: &str| name.starts_with(prefix) && !name.ends_with(".weight.scale");
    let tensors = file.iter().filter(|(name, _)| of_network(name));
    tensors.map(|(_, tensor)| tensor.shape().iter().product::<usize>()).sum()
}

#[test]
fn what_ships_has_as_many_numbers_as_the_tables_say() {
    for pair in tables() {
        let bytes = std::fs::read(format!("pretrained/{}.safetensors", pair.preset)).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        // Some files have no discriminator.
        let discriminator = stored(&file, "discriminator.");
        let mut all = vec![(pair.generator, stored(&file, "generator."))];
        all.extend((discriminator > 0).then_some((pair.discriminator, discriminator)));
        for (table, stored) in all {
            let layers: usize = table.layers.iter().map(|row| row.parameters).sum();
            assert_eq!(layers, table.parameters, "{}", pair.preset);
            assert_eq!(stored, table.parameters + table.statistics, "{}", pair.preset);
        }
    }
}
