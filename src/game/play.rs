//! A game that is played.

use serde::Serialize;

use super::data::Data;
use super::exact::{self, FixedG};
use super::frame::{self, GameFrame, GameNumbers, Samples};
use super::look::Look;
use super::mlp::Mlp;
use super::plane::evaluation::PlaneEvaluation;
use super::plane::frame::{self as plane, PlaneError, PlaneFigures, PlaneFrame, PlaneSamples};
use super::settings::{GameSettings, SettingsError};
use super::state::{Batch, State};

/// Steps of D between two looks at its distance from D*.
const LOOK: u32 = 20;
/// sup |D - D*| at which D is at its optimum.
const NEAR: f64 = 0.02;

/// A game under way.
///
/// ```
/// use saddle::game::{Game, GameSettings};
///
/// let mut game = Game::new(GameSettings::default())?;
/// let before = game.numbers(false).jsd;
/// game.step(200);
/// assert!(game.numbers(false).jsd < before);
/// # Ok::<(), saddle::game::SettingsError>(())
/// ```
#[derive(Debug)]
pub struct Game {
    state: State,
    /// Made when the game is first played or looked at.
    buffers: Option<Box<Buffers>>,
}

/// The buffers to play a game and to look at it: megabytes that hold nothing which the state does not decide.
#[derive(Debug)]
struct Buffers {
    batch: Batch,
    look: Look,
    /// Of the present G and target, while D is trained to its optimum.
    fixed_g: Option<FixedG>,
}

/// How far D has come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Optimum {
    /// Steps taken by this call.
    pub steps: u32,
    /// sup |D - D*| on the central 99 % of the mass of (p_data + p_g)/2.
    pub sup: f64,
    /// Whether that is at most 0.02.
    pub reached: bool,
}

impl Game {
    /// A game before its first step. G starts with mean 0 and standard deviation 1 under the prior, D at 1/2
    /// give or take.
    ///
    /// # Errors
    /// When a setting is out of range.
    pub fn new(settings: GameSettings) -> Result<Self, SettingsError> {
        Ok(Self { state: State::new(settings)?, buffers: None })
    }

    /// A game that goes on from this moment by itself; without buffers until it does, about 10 kB.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { state: self.state.clone(), buffers: None }
    }

    /// Goes to the moment of another game, usually a fork of this one.
    pub fn restore(&mut self, moment: &Self) {
        let key = |s: &GameSettings| (s.shape_of_d(), s.shape_of_g(), s.prior, s.batch);
        if key(self.settings()) != key(moment.settings()) {
            self.buffers = None;
        }
        if let Some(buffers) = &mut self.buffers {
            buffers.fixed_g = None;
            if self.state.target != moment.state.target {
                buffers.look.set_target(&moment.state.target);
            }
        }
        self.state = moment.state.clone();
    }

    /// What the game is played with.
    #[must_use]
    pub fn settings(&self) -> &GameSettings {
        &self.state.settings
    }

    /// Whole iterations so far.
    #[must_use]
    pub fn iteration(&self) -> u64 {
        self.state.iteration
    }

    /// The networks as they are, D and G.
    #[must_use]
    pub fn networks(&self) -> (&Mlp<f32>, &Mlp<f32>) {
        (&self.state.d.net, &self.state.g.net)
    }

    /// Applies settings to the running game; true when it had to start again, which it does for a new shape
    /// of a network (the dimensions of x and z are part of it), prior or seed. Everything else goes on from where it is; a new kind of optimiser forgets its moments.
    ///
    /// # Errors
    /// When a setting is out of range; the game is then as it was.
    pub fn configure(&mut self, settings: GameSettings) -> Result<bool, SettingsError> {
        settings.validate()?;
        let key = |s: &GameSettings| (s.shape_of_d(), s.shape_of_g(), s.prior, s.seed);
        if key(self.settings()) != key(&settings) {
            *self = Self::new(settings)?;
            return Ok(true);
        }
        let mut next = self.fork();
        next.state.configure(settings)?;
        self.restore(&next);
        Ok(false)
    }

    /// Starts again with another seed.
    ///
    /// # Errors
    /// When the seed is above 2^53 - 1.
    pub fn reset(&mut self, seed: u64) -> Result<(), SettingsError> {
        *self = Self::new(GameSettings { seed, ..self.settings().clone() })?;
        Ok(())
    }

    /// n whole iterations: kD steps of D, then kG of G.
    pub fn step(&mut self, n: u32) {
        let (state, buffers) = self.parts();
        for _ in 0..n {
            state.step_d(&mut buffers.batch, state.settings.k_d);
            state.step_g(&mut buffers.batch, state.settings.k_g);
            state.iteration += 1;
        }
        buffers.fixed_g = None;
    }

    /// n steps of D, each on a new mini-batch of data and of noise; counts as no iteration.
    pub fn step_d(&mut self, n: u32) {
        let (state, buffers) = self.parts();
        state.step_d(&mut buffers.batch, n);
    }

    /// n steps of G, each on a new mini-batch of noise; counts as no iteration.
    pub fn step_g(&mut self, n: u32) {
        let (state, buffers) = self.parts();
        state.step_g(&mut buffers.batch, n);
        buffers.fixed_g = None;
    }

    /// Counts an iteration whose steps were taken one by one.
    pub fn count_iteration(&mut self) {
        self.state.iteration += 1;
    }

    /// Up to `steps` steps of full-density Adam on V(D, G) with G frozen (log loss and no R1, whatever the
    /// settings), until sup |D - D*| is at most 0.02. Called again with the same G it goes on, so that each
    /// call can be one frame. D's own optimiser does not notice.
    pub fn train_d_to_optimum(&mut self, steps: u32) -> Optimum {
        let (state, Buffers { look, fixed_g, .. }) = self.parts();
        let mut ascent = exact::ascent(state);
        let fixed_g = fixed_g.get_or_insert_with(|| FixedG::new(state, look));
        let mut taken = 0;
        let mut sup = fixed_g.sup(state, look);
        while taken < steps && sup > NEAR {
            let some = LOOK.min(steps - taken);
            for _ in 0..some {
                exact::ascend(state, &mut ascent, fixed_g);
            }
            taken += some;
            sup = fixed_g.sup(state, look);
        }
        state.d_steps += u64::from(taken);
        state.ascent = Some(ascent);
        Optimum { steps: taken, sup, reached: sup <= NEAR }
    }

    /// This moment of a game on the line, with G as it is, or with its moving average in G's place.
    ///
    /// # Panics
    /// When the game is in the plane, where [`Self::plane`] is its frame.
    pub fn frame(&mut self, average: bool) -> GameFrame {
        let (state, buffers) = self.parts();
        match &mut buffers.look {
            Look::Line(evaluation, target) => frame::frame(state, target, evaluation, average),
            Look::Plane(_) => panic!("the frame of a game in the plane is a plane"),
        }
    }

    /// This moment of a game in the plane, likewise.
    ///
    /// # Errors
    /// When the game is on the line, or its networks have diverged.
    pub fn plane(&mut self, average: bool) -> Result<PlaneFrame, PlaneError> {
        let (state, buffers) = self.parts();
        match &mut buffers.look {
            Look::Line(..) => Err(PlaneError::Line),
            Look::Plane(evaluation) => plane::frame(state, evaluation, average),
        }
    }

    /// The figures of this moment of a game in the plane on `cells` cells of x and `mesh` of z along either axis;
    /// [`Self::plane`] has 96 and 128.
    ///
    /// # Errors
    /// As [`Self::plane`].
    pub fn plane_numbers(
        &self,
        average: bool,
        cells: usize,
        mesh: usize,
    ) -> Result<(GameNumbers, PlaneFigures), PlaneError> {
        let state = &self.state;
        let Data::Plane(target) = &state.target else { return Err(PlaneError::Line) };
        let mut evaluation = PlaneEvaluation::new(&state.settings, target, cells, mesh);
        let sight =
            evaluation.look(&state.d.net, &state.shown(average)).ok_or(PlaneError::Diverged)?;
        Ok((plane::measure(state, &evaluation, &sight), plane::figures(&evaluation, &sight)))
    }

    /// The figures of this moment alone.
    pub fn numbers(&mut self, average: bool) -> GameNumbers {
        self.numbers_on(average, frame::PER_UNIT)
    }

    /// The same by quadrature on so many cells for each data unit; [`Self::numbers`] takes 512. In the plane it is
    /// the same: see [`Self::plane_numbers`].
    pub fn numbers_on(&mut self, average: bool, per_unit: f64) -> GameNumbers {
        let (state, buffers) = self.parts();
        buffers.look.numbers(state, average, per_unit)
    }

    /// `n` samples of G on the line, from the same z at every moment of a seed.
    ///
    /// # Panics
    /// When the game is in the plane, which has [`Self::plane_samples`].
    #[must_use]
    pub fn samples(&self, n: usize) -> Samples {
        assert!(self.settings().plane.is_none(), "samples in the plane have two coordinates");
        frame::samples(&self.state, n)
    }

    /// `n` samples of G in the plane, from the same z at every moment of a seed, and as many of p_data.
    ///
    /// # Errors
    /// When the game is on the line.
    pub fn plane_samples(&self, n: usize) -> Result<PlaneSamples, PlaneError> {
        match self.state.target {
            Data::Line(_) => Err(PlaneError::Line),
            Data::Plane(_) => Ok(plane::samples(&self.state, n)),
        }
    }

    fn parts(&mut self) -> (&mut State, &mut Buffers) {
        let Self { state, buffers } = self;
        let buffers = buffers.get_or_insert_with(|| {
            Box::new(Buffers {
                batch: Batch::new(&state.settings),
                look: Look::new(&state.settings, &state.target),
                fixed_g: None,
            })
        });
        (state, buffers)
    }
}

/// Where a run ended; nats, of G as it is (not its moving average).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RunFigures {
    /// Its seed.
    pub seed: u64,
    /// Whole iterations played.
    pub iterations: u32,
    /// Jensen-Shannon divergence of p_data and p_g.
    pub jsd: f64,
    /// sup |D - 1/2| on the central 98 % of p_data.
    pub sup_d_minus_half: f64,
    /// V(D, G).
    pub v: f64,
    /// C(G) = V(D*, G).
    pub c_of_g: f64,
    /// In the plane: what p_g has of the modes of p_data; none where p_data has no modes.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
}

/// What p_g has of the modes of p_data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Service {
    /// Modes of p_data.
    pub modes: usize,
    /// Those of which p_g has at least half of their due.
    pub served: usize,
    /// Mass of p_g within three deviations of a mode; none where modes are so wide that these discs overlap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_modes: Option<f64>,
}

impl Service {
    /// Whether p_g deals out all modes, and little else: more than four fifths of it lies on them.
    #[must_use]
    pub fn is_memorised(&self) -> bool {
        self.served == self.modes && self.on_modes.is_some_and(|mass| mass > 0.8)
    }
}

impl From<&PlaneFigures> for Service {
    fn from(figures: &PlaneFigures) -> Self {
        Self {
            modes: figures.modes.len(),
            served: figures.served,
            on_modes: (figures.due.iter().sum::<f64>() <= 1.0).then(|| figures.modes.iter().sum()),
        }
    }
}

/// Plays `iterations` iterations.
///
/// # Errors
/// When a setting is out of range.
pub fn play(settings: GameSettings, iterations: u32) -> Result<RunFigures, SettingsError> {
    let seed = settings.seed;
    let mut game = Game::new(settings)?;
    game.step(iterations);
    let (n, service) = match game.plane(false) {
        Ok(frame) => {
            let service = Service::from(&frame.figures);
            (frame.numbers, (service.modes > 0).then_some(service))
        }
        Err(PlaneError::Diverged | PlaneError::Line) => (game.numbers(false), None),
    };
    Ok(RunFigures {
        seed,
        iterations,
        jsd: n.jsd,
        sup_d_minus_half: n.sup_d_half,
        v: n.v,
        c_of_g: n.c_of_g,
        service,
    })
}

/// Median of `figure` over the runs: the middle one, or the mean of the middle two; NaN of none.
#[must_use]
pub fn median(runs: &[RunFigures], figure: impl Fn(&RunFigures) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(figure).collect();
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => f64::NAN,
        _ if n % 2 == 1 => values[n / 2],
        _ => 0.5 * (values[n / 2 - 1] + values[n / 2]),
    }
}
