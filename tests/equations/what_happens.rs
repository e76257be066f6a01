use super::instances::{MANY, ROUNDING, between, close, masses, positive, rng, size};
use saddle::game::mlp::{Shape, Tape};
use saddle::game::{GameLoss, of_generator, on_fake, on_real};
use saddle::theory::{divergence, game};
use std::f64::consts::LN_2;

/// The losses of the laboratory when D answers one half.
#[test]
fn eq_equilibrium_losses() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        let v = game::value(&vec![0.0; n], &data, &g);
        close(v, -(4.0_f64.ln()), ROUNDING);
        close(-0.5 * v, LN_2, ROUNDING);
        let mut tape = Tape::<f64>::new(n, Shape::scalar(1));
        let of_d = on_real(GameLoss::NonSaturating, &mut tape).loss
            + on_fake(GameLoss::NonSaturating, &mut tape).loss;
        close(0.5 * of_d, LN_2, ROUNDING);
        close(of_generator(GameLoss::NonSaturating, &mut tape).loss, LN_2, ROUNDING);
    }
    // What the text reads out of the article's losses: 1.66, 0.484 and 0.000318.
    close((-1.66_f64).exp(), 0.19, 5e-3);
    close(LN_2 - 0.484, 0.209, 5e-4);
    close(LN_2 - 0.000_318, LN_2, 1e-3);
}

#[test]
fn eq_jsd_lost_modes() {
    let formula = |w: f64| LN_2 + 0.5 * w * w.ln() - 0.5 * (1.0 + w) * (1.0 + w).ln();
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let data = positive(&mut rng, n);
        let kept: Vec<bool> = (0..n).map(|i| i == 0 || between(&mut rng, 0.0, 1.0) < 0.5).collect();
        let part = |(p, kept): (&f64, &bool)| if *kept { *p } else { 0.0 };
        let inside: Vec<f64> = data.iter().zip(&kept).map(part).collect();
        let w: f64 = inside.iter().sum();
        let g: Vec<f64> = inside.iter().map(|p| p / w).collect();
        close(divergence::jsd(&data, &g), formula(w), ROUNDING);
    }
    // The two numbers in the text.
    close(formula(0.5), 0.216, 0.5e-3);
    close(formula(0.2), 0.423, 0.5e-3);
}
