//! The hand-derived networks of the 1-D game.
//!
//! Gradients are checked in f64 against central finite differences (step 1e-5, tolerance 1e-6 of the largest
//! entry), for every activation, for a batch that leaves lanes empty and a width that is no multiple of the
//! kernel's block: forward, backward, input gradient, slope and R1's second-order terms. The f32 kernels are
//! the same generic code; what is their own, exp, tanh, softplus and sigmoid, is compared with f64.

use saddle::game::mlp::math::exp;
use saddle::game::mlp::{Activation, Mlp, Scalar, Shape, Tape};
use saddle::num::rng::Rng;

const ALL: [Activation; 4] =
    [Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Softplus];

/// Objective: sum over samples of a y^2/2 + b slope^2/2 + a y, so that both derivatives are wanted.
fn objective(net: &Mlp<f64>, tape: &mut Tape<f64>, a: f64, b: f64) -> f64 {
    net.forward(tape);
    net.tangent(tape);
    let n = tape.len();
    let slopes = &tape.slope.as_flattened()[..n];
    tape.outputs().iter().zip(slopes).map(|(y, s)| a * (0.5 * y * y + y) + 0.5 * b * s * s).sum()
}

fn prepare(activation: Activation, width: usize, batch: usize) -> (Mlp<f64>, Tape<f64>) {
    let mut rng = Rng::new(7);
    let shape = Shape::scalar(width);
    let mut net = Mlp::new(shape, activation, &mut rng);
    // Biases away from 0, as after some training.
    for p in &mut net.parameters {
        *p += 0.1 * rng.normal();
    }
    let mut tape = Tape::new(batch, shape);
    for x in tape.inputs() {
        *x = 1.5 * rng.normal();
    }
    (net, tape)
}

fn errors(tape: &mut Tape<f64>, a: f64, b: f64) {
    let n = tape.len();
    for i in 0..n {
        tape.dy.as_flattened_mut()[i] = a * (tape.y.as_flattened()[i] + 1.0);
        tape.dslope.as_flattened_mut()[i] = b * tape.slope.as_flattened()[i];
    }
}

fn check_gradient(activation: Activation, width: usize, batch: usize, a: f64, b: f64) {
    let (mut net, mut tape) = prepare(activation, width, batch);
    objective(&net, &mut tape, a, b);
    errors(&mut tape, a, b);
    let mut gradient = vec![0.0; net.parameters.len()];
    if b == 0.0 {
        net.backward(&mut tape, &mut gradient);
    } else {
        net.backward_with_slope(&mut tape, &mut gradient);
    }
    let scale = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    assert!(scale > 1e-3, "{activation:?}: the objective does not depend on the parameters");
    let h = 1e-5;
    for (i, gradient) in gradient.iter().enumerate() {
        let at = net.parameters[i];
        net.parameters[i] = at + h;
        let up = objective(&net, &mut tape, a, b);
        net.parameters[i] = at - h;
        let down = objective(&net, &mut tape, a, b);
        net.parameters[i] = at;
        let numeric = (up - down) / (2.0 * h);
        assert!(
            (gradient - numeric).abs() <= 1e-6 * scale,
            "{activation:?} width {width} batch {batch} a {a} b {b}, parameter {i}: {gradient} and {numeric}"
        );
    }
}

#[test]
fn parameter_gradients_are_those_of_finite_differences() {
    for activation in ALL {
        for (width, batch) in [(1, 1), (5, 11), (8, 16), (16, 19)] {
            check_gradient(activation, width, batch, 1.0, 0.0);
        }
    }
}

#[test]
fn gradients_through_the_slope_are_those_of_finite_differences() {
    for activation in ALL {
        for (width, batch) in [(2, 3), (5, 11), (16, 19)] {
            check_gradient(activation, width, batch, 0.0, 1.0);
            check_gradient(activation, width, batch, 0.7, 0.3);
        }
    }
}

#[test]
fn slope_and_input_gradient_are_those_of_finite_differences() {
    for activation in ALL {
        let (net, mut tape) = prepare(activation, 9, 21);
        let h = 1e-5;
        let x = tape.inputs().to_vec();
        let mut shifted = |by: f64| {
            for (to, x) in tape.inputs().iter_mut().zip(&x) {
                *to = x + by;
            }
            net.forward(&mut tape);
            tape.outputs().to_vec()
        };
        let (up, down) = (shifted(h), shifted(-h));
        shifted(0.0);
        net.tangent(&mut tape);
        for (i, dy) in tape.dy.as_flattened_mut().iter_mut().enumerate() {
            *dy = 1.0 + i as f64;
        }
        net.backward_input(&mut tape);
        for i in 0..21 {
            let numeric = (up[i] - down[i]) / (2.0 * h);
            assert!(
                (tape.slope.as_flattened()[i] - numeric).abs() < 1e-7,
                "{activation:?} slope {i}"
            );
            let dx = tape.dx.as_flattened()[i] / (1.0 + i as f64);
            assert!((dx - numeric).abs() < 1e-7, "{activation:?} dx {i}: {dx} and {numeric}");
        }
    }
}

#[test]
fn single_precision_agrees_with_double() {
    for activation in ALL {
        let (wide, mut wide_tape) = prepare(activation, 16, 19);
        let shape = Shape::scalar(16);
        let mut net = Mlp::<f32> { shape, activation, parameters: Vec::new() };
        net.parameters = wide.parameters.iter().map(|&p| p as f32).collect();
        let mut tape = Tape::<f32>::new(19, shape);
        for (to, x) in tape.inputs().iter_mut().zip(wide_tape.inputs()) {
            *to = *x as f32;
        }
        objective(&wide, &mut wide_tape, 1.0, 1.0);
        errors(&mut wide_tape, 1.0, 1.0);
        net.forward(&mut tape);
        net.tangent(&mut tape);
        for i in 0..19 {
            tape.dy.as_flattened_mut()[i] = tape.y.as_flattened()[i] + 1.0;
            tape.dslope.as_flattened_mut()[i] = tape.slope.as_flattened()[i];
        }
        let (mut g64, mut g32) = (vec![0.0; shape.size()], vec![0.0; shape.size()]);
        wide.backward_with_slope(&mut wide_tape, &mut g64);
        net.backward_with_slope(&mut tape, &mut g32);
        let scale = g64.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        for (a, b) in g64.iter().zip(&g32) {
            assert!((a - f64::from(*b)).abs() < 1e-5 * scale, "{activation:?}: {a} and {b}");
        }
    }
}

#[test]
fn functions_keep_their_stated_accuracy() {
    let (mut e, mut t, mut s, mut q) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for i in -200_000..=200_000 {
        let x = i as f32 * 4.3e-4;
        let w = f64::from(x);
        e = e.max((f64::from(exp(x)) / w.exp() - 1.0).abs());
        t = t.max((f64::from(Scalar::tanh(x)) - w.tanh()).abs());
        let (softplus, sigmoid) = x.softplus_sigmoid();
        let (wide_softplus, wide_sigmoid) = w.softplus_sigmoid();
        s = s.max((f64::from(softplus) / wide_softplus - 1.0).abs());
        q = q.max((f64::from(sigmoid) / wide_sigmoid - 1.0).abs());
    }
    assert!(e < 1.2e-7, "exp {e}");
    assert!(t < 1.2e-7, "tanh {t}");
    assert!(s < 3e-7, "softplus {s}");
    assert!(q < 2.5e-7, "sigmoid {q}");
}

#[test]
fn extreme_inputs_give_limits_and_nan_stays_nan() {
    assert_eq!(Scalar::tanh(1e30_f32), 1.0);
    assert_eq!(Scalar::tanh(f32::NEG_INFINITY), -1.0);
    assert_eq!(1e10_f32.softplus_sigmoid(), (1e10, 1.0));
    let (low, none) = (-1e30_f32).softplus_sigmoid();
    assert!(low < 1e-36 && none < 1e-36);
    assert!(exp(f32::NAN).is_nan());
    assert!(Scalar::tanh(f32::NAN).is_nan());
    assert!(f32::NAN.softplus_sigmoid().1.is_nan());
}
