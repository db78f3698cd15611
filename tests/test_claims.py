"""Every claim of the lecture, held at the number that the notebook's own code computes.

A notebook's cells are executed once; a test asks for the variables they leave, or calls the
notebook's own functions with other seeds. The letters are the lecture's claims:

A  training that has stopped is not at a critical point     01
B  ordinary training hardly comes near one                  01
C  what is there is a saddle                                01
D  one rate for a valley bounces or hardly moves            02
E  the loss curve tells which rate it was                   02
F  rates for each parameter: along the axes only            05
G  the rate should fall                                     02
H  Adagrad's two formulas                                   03
I  the mean form bursts                                     03
J  larger gradient, larger or smaller step?                 03
K  RMSProp forgets                                          04
L  the first step                                           04
M  Adam is RMSProp and momentum                             05
N  decay stops the burst                                    06
O  warmup, because σ is inaccurate                          06

A test without a letter holds what the course found beside them.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from course_lib.explorers import burst, learning_rate, memory
from course_lib.explorers.beyond import outcome, turning_model

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
EXERCISES = NOTEBOOKS.parent / "exercises"


@cache
def notebook(name: str) -> SimpleNamespace:
    """Execute the code cells of a notebook and return the variables they leave."""
    path = NOTEBOOKS / f"{name}.ipynb"
    left: dict = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{path.name}, cell {cell.id}", "exec"), left)
    return SimpleNamespace(**left)


def test_A_between_two_walls_the_loss_is_flat_and_the_gradient_large():
    nb = notebook("01_critical_points")
    assert nb.stuck.loss[200] == pytest.approx(0.6804, abs=1e-3)
    assert nb.stuck.loss[2000] == pytest.approx(0.6791, abs=1e-4)
    assert nb.stuck.gradient_norm[20:] == pytest.approx(8.586, abs=2e-3)
    assert nb.sides == 100
    assert nb.same.loss[-1] == pytest.approx(nb.stuck.loss[-1], abs=1e-3)
    assert nb.tenth.loss[-1] < 0.02
    assert nb.tenth.gradient_norm[-1] < 0.01


def test_A_on_real_data_the_loss_stands_still_while_the_gradient_grows():
    nb = notebook("01_critical_points")
    assert np.divide(nb.mean_loss, 2) == pytest.approx([0.2096, 0.2125, 0.2066], abs=5e-4)
    assert nb.size.min() / 2 == pytest.approx(0.012, abs=1e-3)
    assert nb.size[-1] / 2 == pytest.approx(0.53, abs=0.01)
    assert nb.growth == pytest.approx(44, abs=2)


def test_A_it_bounces_and_a_tenth_of_the_rate_lowers_the_loss_at_once():
    nb = notebook("01_critical_points")
    assert nb.cosine < -0.999
    assert nb.sharpness == pytest.approx(1.99, abs=0.02)
    assert nb.before / 2 == pytest.approx(0.203, abs=2e-3)
    assert nb.slower.loss[-1] / 2 == pytest.approx(0.154, abs=1e-3)
    assert nb.norm[-1] / 2 == pytest.approx(0.524, abs=0.01)
    assert nb.slower.gradient_norm[-1] / 2 == pytest.approx(0.0097, abs=1e-3)


@pytest.mark.parametrize("seeds", [range(5), range(40, 45)])
def test_A_on_mini_batches_nothing_bounces_and_a_smaller_rate_helps_all_the_same(seeds):
    nb = notebook("01_critical_points")
    cosine, sharpness, same, lower, no_error = np.array(
        [nb.stopped(seed, 0.1, 32) for seed in seeds]
    ).T
    assert cosine.min() > -0.3
    assert sharpness.max() < 1
    assert np.sum(lower < same) >= 4
    assert np.sum(no_error < same) >= 4


def test_A_without_the_error_of_mini_batches_the_smaller_rate_does_not_help():
    at_end = notebook("01_critical_points").at_end
    cosine, _, same, lower, no_error = at_end[0.1, None].T
    assert np.sum(lower < same) <= np.sum(cosine < -0.99) == 1
    assert np.all(no_error == same)
    cosine, sharpness, *_ = at_end[0.35, None].T
    assert np.all(np.abs(sharpness[cosine < -0.99] - 2) < 0.05)
    cosine, sharpness, *_ = at_end[0.35, 32].T
    assert np.all((cosine > -0.7) & (cosine < -0.4))
    assert np.all((sharpness > 1.4) & (sharpness < 1.8))


def test_A_a_late_cut_of_the_rate_ends_lower_than_an_early_one():
    nb = notebook("01_critical_points")
    assert np.median(nb.cut_700) == pytest.approx(0.339, abs=2e-3)
    assert np.median(nb.cut_2950) == pytest.approx(0.304, abs=2e-3)
    assert np.median(nb.never) == pytest.approx(0.328, abs=2e-3)
    assert np.sum(nb.cut_2950 < nb.cut_700) >= 19
    assert np.sum(nb.soon_after < nb.instead) >= 18


def test_A_so_it_does_from_forty_other_starts():
    nb = notebook("01_critical_points")
    early, late, never, soon, instead = nb.forty
    assert np.sum(late < early) >= 39
    assert np.mean(late < never) == pytest.approx(0.85, abs=0.06)
    assert np.mean(early < never) < 0.5
    assert np.mean(soon < instead) > 0.9


def test_A_the_bouncing_comes_late_because_the_offset_has_shrunk_to_rounding():
    nb = notebook("01_critical_points")
    assert nb.passes == 117
    assert np.log10(nb.offset[nb.passes]) == pytest.approx(-15.5, abs=0.3)
    assert np.log10(nb.offset[260]) == pytest.approx(-2.3, abs=0.3)
    turns = [nb.first_turn(push) for push in (0, 1e-12, 1e-9, 1e-6, 1e-3, 1e-2)]
    assert all(earlier > later for earlier, later in pairwise(turns))
    assert turns[0] > 240
    assert turns[4] == pytest.approx(148, abs=3)
    assert turns[5] == nb.passes + 1


@pytest.mark.parametrize("seeds", [range(3), range(10, 13)])
def test_A_training_ends_at_the_edge_of_stability_of_its_own_rate(seeds):
    nb = notebook("01_critical_points")
    assert nb.edge(0.5, seeds) == pytest.approx(2, abs=0.13)
    assert nb.edge(0.35, seeds) == pytest.approx(1.95, abs=0.16)
    assert np.all(nb.edge(0.1, seeds) < 1.9)  # not there yet


def test_A_between_the_walls_the_bouncing_dies_out_just_below_the_edge():
    nb = notebook("01_critical_points")
    below, above = (
        nb.descend(nb.surfaces.walls, (-5.0, 0.4), nb.optimizers.gradient_descent(rate), 2000)
        for rate in (0.0195, 0.0205)
    )
    assert below.gradient_norm[200] < 0.01
    assert above.gradient_norm[200:] == pytest.approx(2.68, abs=0.01)


def test_A_the_gradient_stands_at_a_right_angle_to_the_level_line():
    hills = notebook("01_critical_points").hills
    for point in np.random.default_rng(0).uniform(-3, 3, (20, 2)):
        slope = hills.gradient(point)
        along = 1e-6 * np.array([-slope[1], slope[0]]) / np.linalg.norm(slope)
        assert abs(hills.value(point + along) - hills.value(point - along)) < 1e-10


def test_A_half_the_loss_with_twice_the_rate_is_the_same_training():
    nb = notebook("01_critical_points")

    class Half:
        def loss_and_gradient(self, theta, t):
            loss, gradient = nb.task.loss_and_gradient(theta, t)
            return loss / 2, gradient / 2

    rule = nb.optimizers.gradient_descent(2 * nb.lr)
    half = nb.descend(Half(), nb.net.init(seed=0), rule, steps=300)
    assert half.theta == pytest.approx(nb.real.theta[:301], abs=1e-9)


@pytest.mark.parametrize("first_seed", [10, 30])
def test_A_from_most_starts_training_bounces_and_the_gradient_grows(first_seed):
    _, growths, cosines, gain = notebook("01_critical_points").ten_starts(first_seed)
    bouncing = cosines < -0.99
    assert bouncing.sum() >= 8
    assert np.median(growths) > 10
    assert np.sum(gain > 0.01) >= 7


def test_B_gradient_descent_reaches_no_critical_point_and_levenberg_marquardt_does():
    nb = notebook("01_critical_points")
    assert np.median(nb.plain_norm) == pytest.approx(4.6e-3, rel=0.2)
    assert nb.plain_norm.min() > 1e-4
    assert nb.found.sum() == pytest.approx(50, abs=2)
    assert np.all(nb.end_norm[nb.found] < 1e-12)
    assert nb.missed.min() > 1e-7  # nothing lies between found and missed


def test_B_the_critical_points_found_are_worse_networks():
    nb = notebook("01_critical_points")
    assert np.median(nb.plain.loss[-1]) < 0.55
    assert np.median(nb.end_loss[nb.found]) == pytest.approx(nb.ignorant)
    assert np.sum(nb.at_constant & nb.found) > nb.found.sum() / 2


def test_C_no_critical_point_found_is_a_minimum_and_each_has_a_way_down():
    nb = notebook("01_critical_points")
    assert nb.negative.min() >= 1
    assert nb.negative.max() <= 4
    assert np.median(nb.zero) == 6
    assert nb.ratio.min() == pytest.approx(0.31, abs=0.01)
    assert nb.ratio.max() == pytest.approx(0.77, abs=0.01)
    assert nb.lower.all()
    assert nb.more.any()  # "> 0" counts rounding zeros


def test_C_the_minimum_ratio_falls_with_the_loss_mainly_because_units_are_unused():
    nb = notebook("01_critical_points")
    assert nb.everything == pytest.approx(-0.87, abs=0.05)
    assert abs(nb.without) < 0.3
    assert nb.both < -0.5
    assert nb.each_once == pytest.approx(-0.67, abs=0.05)
    for units in (0, 1, 2, 3):
        assert np.median(nb.positive[nb.used == units]) == 4 + 2 * units
        assert np.median(nb.zero[nb.used == units]) == 6 - 2 * units


@pytest.mark.parametrize("first_seed", [60, 180])
def test_B_and_C_hold_for_other_starts(first_seed):
    nb = notebook("01_critical_points")
    starts = nb.random_starts(first_seed)
    ends = np.stack([nb.critical_point(start) for start in starts.T], axis=1)
    norm = np.linalg.norm(nb.slope(ends), axis=0)
    found = norm < 1e-8
    assert found.sum() > 30
    positive, negative, _ = nb.signs(ends[:, found])
    assert negative.min() >= 1
    loss = nb.small.loss_and_gradient(ends[:, found], nb.x_100, nb.y_100)[0]
    assert np.corrcoef(positive, loss)[0, 1] < -0.8


def test_D_one_rate_bounces_or_hardly_moves_or_diverges():
    nb = notebook("02_learning_rate")
    assert nb.sides == 999
    assert nb.way[0] == pytest.approx(0.181, abs=0.001)
    assert nb.way[1] == pytest.approx(2.0e-6, rel=0.01)
    assert nb.across[0] == pytest.approx(1)
    assert nb.run.diverged_at.tolist() == [-1, -1, 698, -1]


def test_D_one_percent_below_the_bound_stops_the_bouncing_and_comes_no_further():
    nb = notebook("02_learning_rate")
    assert nb.across[3] < 1e-12
    assert nb.way[3] == pytest.approx(0.180, abs=0.001)


def test_D_the_condition_number_decides_how_long_the_valley_takes():
    nb = notebook("02_learning_rate")
    assert nb.needed == nb.formula == 23_257
    # The last of the printed bounds is that of the lecture's valley.
    assert nb.least == pytest.approx(0.819, abs=0.001)
    assert nb.enough == pytest.approx(2_302_583, rel=1e-6)


def test_D_a_rate_that_changes_once_does_both_directions_and_a_constant_one_does_not():
    nb = notebook("02_learning_rate")
    assert nb.rest_of(nb.two_updates(1 / 200, 1 / 0.0002)) < 1e-12
    assert nb.rest_of(nb.two_updates(1 / 200, 1 / 0.0002, nb.turned_valley)) < 1e-8
    assert nb.rest_of(nb.two_updates(1 / 200, 1 / 200)) > 0.99
    assert nb.two_updates(1 / 0.0002, 1 / 0.0002).diverged_at == 2
    assert nb.misjudged == pytest.approx([494.4, 4.99], rel=1e-3)


@pytest.mark.parametrize("angle", [0.0, 0.3, np.pi / 4, 1.2])
def test_D_a_rate_measured_from_two_gradients_needs_four_updates(angle):
    nb = notebook("02_learning_rate")
    valley = nb.surfaces.quadratic((0.0002, 200.0), angle)
    assert nb.barzilai_borwein(valley, 3) > 0.25
    assert nb.barzilai_borwein(valley, 4) < 1e-3


def test_D_the_answers_of_try_it_on_the_valley():
    model = learning_rate.valley_model
    assert model(0.01, 1e6).theta[-1, 0] / model(0.01, 1e6).theta[0, 0] > 0.999
    left = {kappa: model(0.0099, kappa).theta[-1, 0] / -1.6 for kappa in (125, 135)}
    assert left[125] < 0.01 < left[135]


def test_D_the_level_lines_are_a_thousand_times_as_long_as_wide():
    valley = notebook("02_learning_rate").surfaces.valley
    along, across = 4.0, 4.0 / 1000
    assert valley.value((along, 0)) == pytest.approx(valley.value((0, across)))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_E_the_loss_curve_tells_the_rates_apart(seed):
    loss = notebook("02_learning_rate").train((0.003, 0.1, 1.0, 1.5, 3.0), seed=seed).loss
    assert loss[-1, :4] == pytest.approx([2.27, 0.82, 0.117, 0.093], rel=0.04)
    assert loss[20:, 4].min() > 10
    assert loss[20:, 4].max() < 100


def test_E_a_rate_that_is_too_large_lets_rounding_errors_decide():
    nb = notebook("02_learning_rate")
    assert nb.apart[1.5] < 1e-9
    assert nb.apart[3.0] > 0.1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_E_the_squared_error_has_no_ceiling(seed):
    loss = notebook("02_learning_rate").train((0.25, 2.5), "squared_error", seed).loss
    assert loss[-1, 0] == pytest.approx(0.052, abs=0.002)
    assert np.argmax(loss[:, 1] > 1e6) in range(1, 11)
    cross = notebook("02_learning_rate").train((1.5, 15.0), seed=seed).loss[:, 1]
    assert 100 < cross.max() < 1000


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_G_a_constant_rate_settles_at_the_noise_floor(seed):
    nb = notebook("02_learning_rate")
    loss = nb.mean_loss(nb.constants[:, None], (3,), seed=seed)[1000:].mean(axis=0)
    assert loss == pytest.approx([0.1667, 0.02632, 0.002513], rel=0.05)
    assert np.all(nb.exact < 1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_G_decays_end_lower_unless_they_fall_too_fast(seed):
    steep, flat = notebook("02_learning_rate").decayed(seed)[-1].T
    # The means to expect, from v ← (1-ηλ)² v + η² s²; 2,000 runs scatter by 3 % about them.
    assert steep == pytest.approx([0.1667, 0.00200, 0.00131, 0.00284, 0.00086, 0.00437], rel=0.13)
    assert flat == pytest.approx([0.1266, 0.0142, 0.0143, 0.0152, 0.0169, 0.243], rel=0.13)
    assert flat[5] > 1.5 * flat[0]


def test_G_the_sum_of_the_rates_is_how_far_a_flat_direction_gets():
    nb = notebook("02_learning_rate")
    sums = [1000, 500.25, 46.4008, 43.9968, 277.75, 14.6784]
    assert list(nb.sums.values()) == pytest.approx(sums, rel=1e-4)
    # Without noise the loss is 0.9 · Π (1 - 0.05 η_t)², with every rate used once and in its turn.
    rates = 0.5 * 0.5 ** (np.arange(2000) / 20)
    quiet = 0.9 * np.prod(1 - 0.05 * rates) ** 2
    assert nb.decayed(s=0.0)[-1, 5, 1] == pytest.approx(quiet, rel=1e-9)


def test_H_mean_with_falling_rate_is_the_sum_form_and_with_constant_rate_is_not():
    nb = notebook("03_adagrad")
    assert nb.same < 1e-14
    assert nb.apart == pytest.approx(0.903, abs=0.01)


def test_H_the_first_step_is_the_rate_for_every_parameter_unless_the_sum_starts_at_a_tenth():
    nb = notebook("03_adagrad")
    assert nb.size[0] == pytest.approx([0.0416, 40.8], rel=1e-3)
    assert nb.step[0] == pytest.approx([0.05, 0.05], rel=1e-6)
    # σ of the first three updates, as the lecture writes them.
    g = nb.size[:3, 0]
    by_hand = [np.sqrt(np.mean(g[: t + 1] ** 2)) for t in range(3)]
    assert nb.mean_run.scale[:3, 0] == pytest.approx(by_hand)
    assert nb.tenth == pytest.approx([0.13, 1.00], abs=0.005)


def test_H_on_the_flat_floor_the_falling_scale_makes_the_steps_longer():
    nb = notebook("03_adagrad")
    assert nb.size[0, 0] / nb.size[10, 0] == pytest.approx(41.8, abs=0.5)
    assert nb.size[200, 0] / nb.size[10, 0] == pytest.approx(0.56, abs=0.01)
    assert nb.step[200, 0] / nb.step[10, 0] == pytest.approx(2.37, abs=0.03)
    # From the same place with the same σ, and only its fall taken away.
    assert nb.late_step / nb.step[10, 0] == pytest.approx(0.685, abs=0.01)
    assert nb.frozen_arrival == pytest.approx(8380, rel=0.01)
    assert nb.step[200, 0] / nb.plain > 1000
    assert nb.offset[10] < 0.01


def test_I_the_burst_belongs_to_the_mean_form():
    nb = notebook("03_adagrad")
    # Bursts grow out of rounding: another order of additions moves them by a few per cent.
    assert len(nb.bursts) in (15, 16)
    assert nb.bursts[:5] == pytest.approx([256, 551, 917, 1343, 1822], rel=0.05)
    assert nb.peaks[:4] == pytest.approx([0.99, 0.87, 0.80, 0.75], abs=0.025)
    assert nb.arrival == pytest.approx(1844, rel=0.05)
    assert all(
        (found > 0) == (form == "mean" and lr > 0.01)
        for (form, lr), (found, *_) in nb.tried.items()
    )


def test_I_at_its_best_rate_the_sum_form_stays_sooner_than_the_mean_form():
    tried = notebook("03_adagrad").tried
    settled = {
        form: min(first for (kind, _), (_, first, stays) in tried.items() if kind == form and stays)
        for form in ("sum", "mean")
    }
    assert settled == {
        "sum": pytest.approx(3526, rel=0.01),
        "mean": pytest.approx(5756, rel=0.01),
    }
    assert tried["mean", 0.02][1] < settled["sum"] < tried["mean", 0.012][1] < settled["mean"]
    assert not tried["mean", 0.012][2]
    assert not tried["mean", 0.02][2]
    assert tried["sum", 0.05][1] == "never"


def test_I_each_burst_is_preceded_by_a_loss_of_stability():
    nb = notebook("03_adagrad")
    assert nb.crossings[:4] == pytest.approx([139, 400, 740, 1144], rel=0.04)
    assert nb.delays.min() > 100
    assert nb.ratio.max() == pytest.approx(2.71, abs=0.03)


def test_I_the_first_crossing_goes_with_the_cube_of_offset_over_rate_from_four_on():
    nb = notebook("03_adagrad")
    factors = [4.0, 2.5, 2.06, 1.81, 1.74, 1.70]
    assert list(nb.onset_factor.values()) == pytest.approx(factors, abs=0.01)
    assert nb.crossings[0] / (0.204 / 0.05) ** 3 == pytest.approx(2.06, abs=0.02)
    assert nb.first_crossing(0.4, 0.1) == nb.first_crossing(0.1, 0.025)


def test_I_the_answers_on_where_the_first_burst_comes():
    first = {lr: burst.bursts(burst.burst_model(lr))[0] for lr in (0.05, 0.028, 0.02)}
    assert list(first.values()) == pytest.approx([262, 972, 2318], rel=0.05)
    delays = [
        at - np.argmax(burst.stability(burst.burst_model(lr)) > 2) for lr, at in first.items()
    ]
    assert all(90 < delay < 410 for delay in delays)
    assert burst.bursts(burst.burst_model(0.01)) == []
    assert burst.bursts(burst.burst_model(0.2)) == burst.bursts(burst.burst_model(0.3)) == []
    rates = np.geomspace(0.01, 0.3, 9)
    assert not any(burst.bursts(burst.burst_model(float(lr), "sum")) for lr in rates)


@pytest.mark.parametrize("seed", [0, 11, 12])
def test_J_in_runs_of_adagrad_the_gradient_over_sigma_ranks_the_distances(seed):
    nb = notebook("03_adagrad")
    mean, total = (nb.many_parabolas(form, seed=seed) for form in ("mean", "sum"))
    by_g, by_ratio = np.array([nb.rankings(mean, t) for t in (1, 3, 10)]).T
    assert all((by_g > 0.15) & (by_g < 0.6))
    assert all((by_ratio > 0.82) & (by_ratio < 0.97))
    assert nb.rankings(mean, 100) == pytest.approx([0.95, 1.0], abs=0.03)
    assert nb.rankings(total, 3)[1] > 0.99
    assert nb.rankings(total, 10)[1] > 0.99
    assert nb.rankings(nb.many_parabolas("sum", 0.5, seed), 1)[0] == pytest.approx(0.81, abs=0.04)


def test_J_without_a_common_step_nothing_is_left_of_the_ranking():
    nb = notebook("03_adagrad")
    assert nb.spread_of[True] < 1e-9
    assert nb.spread_of[False] > 0.2


@pytest.mark.parametrize("seed", [0, 11, 12])
def test_J_the_size_of_the_gradients_stands_in_for_the_curvature_if_spreads_are_equal(seed):
    rank = notebook("03_adagrad").sampled_ranks(seed)
    assert rank["|g|"] == pytest.approx(0.2, abs=0.1)
    assert rank["|g| / λ"] > 0.999
    for k, value in ((1, 0.68), (5, 0.92), (20, 0.98)):
        assert rank[f"|g| / RMS of {k:>2}, equal width"] == pytest.approx(value, abs=0.06)
        assert abs(rank[f"|g| / RMS of {k:>2}, own width"]) < 0.1


def test_J_the_rate_of_a_parameter_falls_with_its_distance_and_not_with_its_curvature():
    share = notebook("03_adagrad").rate_share
    assert share["sum", -0.2] == pytest.approx([0.605, 0.605], abs=2e-3)
    assert share["sum", -4.0] == pytest.approx([0.12, 0.605], abs=5e-3)
    assert share["mean", -0.2][0] == pytest.approx(share["mean", -0.2][1], rel=1e-6)
    assert all(share["mean", -4.0] > 1)


def test_J_on_a_network_the_square_root_belongs_to_the_noise_of_single_rows():
    nb = notebook("03_adagrad")
    assert np.mean(nb.powers[32][:, 0]) == pytest.approx(0.5, abs=0.04)
    assert nb.powers[32][:, 1].min() > 0.8 > nb.powers[442][:, 1].max()
    assert all(nb.powers[4][:, 0] < 0.5)
    rows, shuffled, mean, by_output = (np.array(pairs) for pairs in nb.controls.values())
    for pairs in (rows, shuffled):
        assert all((pairs[:, 0] > 0.42) & (pairs[:, 0] < 0.66))
        assert pairs[:, 1].min() > 0.94
    assert mean[:, 1].max() < 0.65
    assert by_output[:, 0] == pytest.approx([0.5] * 10, abs=0.025)
    assert all((np.array(nb.levels) > 0.86) & (np.array(nb.levels) < 1))


@pytest.mark.parametrize("seed", [10, 14, 17])
def test_J_so_it_does_from_other_starts(seed):
    nb = notebook("03_adagrad")
    _, curvatures, errors, rows = nb.end_of_training(442, seed)
    derivative = rows / (2 * errors[:, None])
    slope, fit = nb.power(nb.rms(rows), 2 * nb.rms(derivative) ** 2)
    assert slope == pytest.approx(0.5, abs=0.03)
    assert fit > 0.97
    assert nb.power(nb.rms(rows), curvatures)[0] == pytest.approx(0.52, abs=0.1)
    assert nb.power(np.abs(rows.mean(axis=0)), curvatures)[1] < 0.65


def test_K_rmsprop_forgets_a_steep_beginning_and_adagrad_cannot():
    nb = notebook("04_rmsprop")
    assert nb.crossed == pytest.approx([217, 317, 1407, 9220], abs=2)
    assert all(20_000 - nb.adagrad_entered[form] > 17_000 for form in ("mean", "sum"))
    assert 0.9 < nb.adagrad_way["mean"] < 1
    assert nb.adagrad_way["sum"] < 0.01


def test_K_a_shorter_memory_is_faster_round_the_crescent():
    arrivals = notebook("04_rmsprop").arrivals
    measured = [arrivals[f"RMSProp, α = {alpha}"] for alpha in (0.9, 0.99, 0.999)]
    assert measured == pytest.approx([347, 967, 4664], rel=0.01)
    assert arrivals["Adagrad, mean"] == pytest.approx(2262, rel=0.01)
    assert arrivals["gradient descent"] == pytest.approx(4860, rel=0.01)
    assert arrivals["Adagrad, sum"] == -1


def test_K_with_a_rate_of_its_own_the_sum_form_keeps_up_and_stays():
    swept = notebook("04_rmsprop").swept
    assert swept["Adagrad, sum"][1.0] == pytest.approx(151, abs=2)
    assert swept["gradient descent"][0.3] == pytest.approx(35, abs=1)
    assert swept["RMSProp, α = 0.9"][0.03] == pytest.approx(180, abs=8)
    assert swept["RMSProp, α = 0.9"][0.1] == -1


def test_K_with_a_large_rate_rmsprop_never_finishes():
    nb = notebook("04_rmsprop")
    assert all(nb.restless[nb.rates >= 0.1] > 0.1)
    assert all((nb.restless / nb.rates > 0.5) & (nb.restless / nb.rates < 4))


def test_K_the_newest_square_weighs_one_minus_alpha_and_the_rest_fades():
    nb = notebook("04_rmsprop")
    assert nb.weights_agree
    assert nb.down == pytest.approx(0.9**0.5, abs=1e-4)
    assert nb.up == pytest.approx(1000 * 0.1**0.5, rel=1e-3)


def test_K_rmsprop_bursts_and_then_trembles_by_half_the_rate():
    nb = notebook("04_rmsprop")
    assert list(nb.crossings.values()) == pytest.approx([42, 420, 4198], rel=0.02)
    assert [len(nb.bursts[alpha]) for alpha in (0.9, 0.99)] == [1, 5]
    assert len(nb.bursts[0.999]) > 10
    assert len(nb.mean_bursts) in (15, 16)
    assert max(max(nb.bursts[alpha]) for alpha in (0.9, 0.99)) < 9_000 <= max(nb.bursts[0.999])
    assert list(nb.tremble.values()) == pytest.approx([0.5] * 3, abs=0.01)
    assert list(nb.end_ratio.values()) == pytest.approx([2] * 3, abs=0.01)


def test_K_it_differs_from_adagrad_from_step_two_on_and_forgets_the_first_gradient_later():
    nb = notebook("04_rmsprop")
    mean, moving = nb.first_sigmas["Adagrad, mean"], nb.first_sigmas["RMSProp, 0.9"]
    assert mean == pytest.approx([10, 50.5**0.5, 34**0.5])
    assert moving == pytest.approx([10, 90.1**0.5, 81.19**0.5])
    assert nb.lighter == {0.9: 34, 0.99: 644, 0.999: 9114}


def test_K_the_answers_on_the_memory_that_still_arrives_and_on_the_lag_of_sigma():
    minimum, lags = np.array(memory.CRESCENT.special["minimum"]), {}
    for gradients in (136, 138, 10, 100):
        path = memory.crescent_model(gradients)
        close = np.hypot(*(path.theta - minimum).T) < 0.1
        lags[gradients] = [
            int(np.argmax(values[:, 1] < 0.1)) for values in (np.abs(path.gradient), path.scale)
        ]
        assert close.any() == (gradients != 138)
    assert lags[10] == pytest.approx([56, 77], abs=1)
    assert lags[100] == pytest.approx([101, 605], abs=2)


@pytest.mark.parametrize(("gradients", "updates"), [(2, 217), (10, 317), (20, 441), (100, 1407)])
@pytest.mark.parametrize("start", [-1.0, -0.01])
def test_K_one_steep_gradient_delays_as_much_as_a_hundred(gradients, updates, start):
    x = memory.track_model(gradients, start).theta[:, 0]
    entered, end = (int(np.argmax(x >= place)) for place in (0, 2))
    assert end - entered == pytest.approx(updates, abs=1)
    assert entered == (101 if start == -1 else 2)


def test_K_adagrads_mean_is_delayed_by_how_many_steep_gradients_there_were():
    delay = list(notebook("04_rmsprop").delay.values())
    assert delay == pytest.approx([317, 317, 20705, 5629], rel=0.01)


def test_K_gradual_change_suits_the_mean_better_than_abrupt_change_and_less_than_rmsprop():
    nb = notebook("04_rmsprop")
    mean, short, long = nb.flatter.values()
    assert mean == pytest.approx([19621, 5040], rel=0.01)
    assert short == pytest.approx([418, 368], rel=0.01)
    assert long == pytest.approx([1487, 1155], rel=0.01)
    assert list(nb.pace.values()) == pytest.approx([16745, 1064, 1807], rel=0.01)
    assert nb.longest_step["mean of all"] == pytest.approx([12.3, 4.7], abs=0.1)
    assert nb.longest_step["RMSProp, α = 0.9"] == pytest.approx([3.16, 1.22], abs=0.02)
    assert list(nb.steeper.values())[:2] == [
        pytest.approx([290, 57], abs=6),
        pytest.approx([90, 37], abs=3),
    ]


def test_K_so_it_does_when_the_slope_changes_tenfold():
    nb = notebook("04_rmsprop")
    updates = {
        name: [nb.cross(rule, nb.ground(10, 1, how), 1000)[0] for how in (False, True)]
        for name, rule in nb.rules_of_ground(0.01).items()
    }
    assert updates["mean of all"] == pytest.approx([960, 611], abs=3)
    assert updates["RMSProp, α = 0.9"] == pytest.approx([332, 321], abs=2)


def test_L_the_first_step_is_eta_or_eta_over_the_root_of_one_minus_alpha():
    nb = notebook("04_rmsprop")
    for alpha in (0.5, 0.9, 0.99, 0.999):
        assert nb.first_step[alpha, "first"] == pytest.approx(1, abs=1e-6)
        assert nb.first_step[alpha, "zero"] == pytest.approx((1 - alpha) ** -0.5, rel=1e-6)


def test_L_the_longer_the_memory_the_more_the_start_matters():
    by_start = notebook("04_rmsprop").by_start
    assert by_start["σ₀ = |g₀|"] == pytest.approx([347, 967, 4664], rel=0.01)
    assert by_start["zero"] == pytest.approx([335, 599, 549], rel=0.02)
    assert by_start["zero, corrected"] == pytest.approx([345, 782, 1847], rel=0.01)


def test_L_the_order_of_the_starts_is_the_same_from_five_places():
    nb = notebook("04_rmsprop")
    lecture, of_all, corrected = nb.five.values()
    assert nb.same_order
    assert (corrected.min(), corrected.max()) == pytest.approx((1419, 2287), rel=0.01)
    assert (of_all.min(), of_all.max()) == pytest.approx((1647, 2969), rel=0.01)
    assert (lecture.min(), lecture.max()) == pytest.approx((3966, 5285), rel=0.01)


def test_L_the_zero_start_is_fast_because_its_first_steps_are_too_long():
    nb = notebook("04_rmsprop")
    assert list(nb.partly.values()) == pytest.approx([549, 1247, 1563], rel=0.01)
    assert nb.larger == pytest.approx([1026, 550], rel=0.01)


def test_M_the_direction_cancels_a_bounce_and_the_scale_does_not():
    nb = notebook("05_adam")
    assert abs(nb.m[-1]) / nb.size == pytest.approx([1, 0.1 / 1.9], rel=0.01)
    assert nb.sigma[-1] / nb.size == pytest.approx([1, 1], rel=0.01)
    assert nb.rest["m = g"] == pytest.approx(0.03 / 2, rel=0.01)
    assert nb.rest["m = average"] < nb.rest["m = g"] / 10


def test_M_the_direction_averages_noise_out_and_the_scale_contains_it():
    nb = notebook("05_adam")
    for seed in range(3):
        alone, averaged = (nb.noisy_steps(3, beta1, seed) for beta1 in (0.0, 0.9))
        assert alone.mean() == pytest.approx(10**-0.5, abs=0.02)
        assert averaged.mean() == pytest.approx(10**-0.5, abs=0.02)
        assert averaged.std() / alone.std() == pytest.approx((0.1 / 1.9) ** 0.5, abs=0.02)
        assert np.mean(alone < 0) == pytest.approx(0.37, abs=0.02)
        assert np.mean(averaged < 0) == pytest.approx(0.07, abs=0.02)


def test_M_the_rate_inside_or_outside_momentum_is_the_same_only_while_constant():
    nb = notebook("05_adam")
    assert nb.ten_times
    assert nb.same_way < 1e-12
    assert nb.apart == pytest.approx(0.09 * 0.9 / 0.1**2, rel=0.01)


def test_M_adam_is_its_three_parts():
    nb = notebook("05_adam")
    assert nb.parts_equal
    assert nb.hand_error < 1e-12


def test_M_only_the_correction_makes_the_first_steps_right():
    steps = notebook("05_adam").steps
    assert steps["corrected"] == pytest.approx(np.ones(301), abs=1e-4)
    slow = steps["β₂ = 0.999, not corrected"]
    assert slow[0] == pytest.approx(3.162, abs=0.001)
    assert slow.argmax() + 1 == 12
    assert slow.max() == pytest.approx(6.57, abs=0.01)
    fast = steps["β₂ = 0.99, not corrected"]
    assert fast[0] == pytest.approx(1, abs=1e-4)
    assert fast.max() == pytest.approx(2.13, abs=0.01)


def test_M_rmsprop_with_a_heavy_ball_is_uncorrected_adam_at_a_tenth_of_the_rate():
    nb = notebook("05_adam")
    assert nb.identity < 1e-12
    assert nb.same_rate == pytest.approx(1.61, abs=0.02)
    assert nb.tenth_rate == pytest.approx(1.07, abs=0.02)


def test_M_adam_without_a_direction_memory_is_corrected_rmsprop():
    assert notebook("05_adam").beta1_zero == 0


def test_M_the_direction_memory_postpones_the_burst_and_does_not_remove_it():
    nb = notebook("05_adam")
    crossings, bursts = list(nb.first_crossing.values()), list(nb.first_burst.values())
    assert crossings == pytest.approx([1074, 2844, 6590, 131, 783, 4456], rel=0.02)
    assert bursts == pytest.approx([1302, 3035, 6869, 242, 927, 4725], rel=0.02)


def test_M_with_a_rate_of_its_own_every_rule_does_about_equally_well():
    nb = notebook("05_adam")
    for losses in (nb.losses, nb.compare(range(5, 10))):
        result = nb.verdict(losses)
        at_one_rate = [median for _, _, median in result.values()]
        tuned = [np.median(reported) for _, reported, _ in result.values()]
        assert max(at_one_rate) / min(at_one_rate) > 10
        assert max(tuned) / min(tuned) < 1.5
        assert max(tuned) < 0.2
        rates = [rate for rate, _, _ in result.values()]
        assert max(rates) / min(rates) > 30
        worse = []
        for rule in nb.candidates:
            median = np.median(losses[rule][:, 0], axis=0)
            last_good = np.flatnonzero(median < 1.5 * median.min())[-1]
            worse += [rule] if median[last_good + 1] > np.log(10) else []
        assert worse == ["gradient descent", "momentum"]
    assert nb.inner
    assert nb.worse == worse


def test_F_rates_per_parameter_work_along_the_axes_only():
    share = notebook("05_adam").share_left
    for name in ("Adagrad", "RMSProp", "Adam"):
        assert share[name]["along the axes"].min() < 1e-3
    assert share["Adagrad"]["turned"].min() == pytest.approx(0.9725, abs=0.003)
    assert share["RMSProp"]["turned"].min() == pytest.approx(0.960, abs=0.003)
    assert share["Adam"]["turned"].min() == pytest.approx(0.50, abs=0.01)
    # At η = 0.01, the rate of claims.md.
    assert share["Adam"]["turned"][8] == pytest.approx(0.596, abs=0.005)


def test_F_gradient_descent_and_momentum_do_not_notice_the_turn():
    share = notebook("05_adam").share_left
    for name in ("gradient descent", "momentum 0.9", "momentum 0.999"):
        along, turned = share[name].values()
        # Beyond the stable rates both have grown without end.
        assert np.allclose(along[along < 1], turned[along < 1], rtol=1e-3, atol=1e-6)
    assert share["gradient descent"]["turned"].min() == pytest.approx(0.961, abs=0.002)
    assert share["momentum 0.9"]["turned"].min() == pytest.approx(0.490, abs=0.005)
    assert share["momentum 0.999"]["turned"].min() < 1e-3


def test_F_in_the_turned_valley_both_parameters_get_the_same_scale():
    ratio = notebook("05_adam").sigma_ratio
    assert ratio["along the axes"].max() < 1 / 3000
    assert np.abs(ratio["turned"] - 1).max() < 1e-3


def test_F_momentum_first_swings_through_the_minimum_and_stays_much_later():
    inside = notebook("05_adam").inside
    for first, for_good in inside.values():
        assert first == pytest.approx(1446, abs=2)
        assert for_good == pytest.approx(8146, abs=20)


def test_F_in_a_shorter_valley_adam_arrives_turned_too_and_the_other_scales_do_not():
    short = notebook("05_adam").short_left
    left = {rule: [share.min() for share in short[rule].values()] for rule in short}
    for rule in ("gradient descent", "momentum 0.9", "momentum 0.999"):
        assert left[rule][1] == pytest.approx(left[rule][0], rel=0.01, abs=1e-4)
    for rule in ("Adagrad", "RMSProp", "Adam, β₁ = 0"):
        assert left[rule][0] < 0.01
        assert left[rule][1] > 0.5
    assert max(left["Adam"]) < 0.01


def test_adam_wins_on_letters_by_both_memories_and_not_only_for_rare_ones():
    nb = notebook("05_adam")
    assert all(0 < at < len(nb.letter_rates) - 1 for at in nb.at_best.values())
    text = [nb.common @ end for end in nb.after.values()]
    # gradient descent, momentum, Adagrad, RMSProp, Adam
    assert text == pytest.approx([0.0253, 0.0021, 0.00031, 0.0021, 0.00014], rel=0.05)
    assert text[0] / text[4] == pytest.approx(180, rel=0.05)
    assert min(text[1], text[3]) > 10 * text[4]
    assert nb.common[nb.rare].sum() == pytest.approx(0.029, abs=0.001)
    assert nb.common.max() == pytest.approx(0.20, abs=0.005)
    assert nb.common.min() == pytest.approx(0.0004, abs=5e-5)
    assert nb.after["gradient descent"][nb.rare].mean() == pytest.approx(0.40, abs=0.01)
    assert nb.after["Adam"][nb.rare].mean() < 0.001
    # Control 1: a falling η. Control 2: all first characters equally common.
    (constant, falling), adam = nb.falling["Adam, β₁ = 0"], nb.falling["Adam"]
    assert constant == pytest.approx(0.0048, rel=0.05)
    assert falling == pytest.approx(6.5e-5, rel=0.1)
    assert falling < adam[0] < adam[1]
    assert nb.falling["momentum"][0] < nb.falling["momentum"][1]
    assert nb.rare_even == pytest.approx(0.009, abs=0.001)
    assert nb.even["gradient descent"] == pytest.approx(0.011, abs=0.001)
    assert nb.even["gradient descent"] > 100 * nb.even["Adam"]


def test_the_gradient_of_the_letters_is_that_of_their_excess():
    nb = notebook("05_adam")
    theta = np.random.default_rng(0).normal(size=(33 * 33, 1))
    task = nb.NextLetter(nb.common)
    loss, gradient = task.loss_and_gradient(theta, 0)
    assert loss > 0
    for i in (0, 40, 700):
        step = np.zeros_like(theta)
        step[i] = 1e-5
        up, down = (task.loss_and_gradient(theta + sign * step, 0)[0] for sign in (1, -1))
        assert gradient[i] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-9)


def test_M_on_a_network_adam_ends_near_its_limit_if_the_rate_is_large_enough():
    nb = notebook("05_adam")
    for lr in (0.03, 0.003):
        for beta1 in (0.0, 0.5):
            assert nb.edge[lr, beta1] == pytest.approx(1, abs=0.08)
    assert 0.7 < nb.edge[0.03, 0.9].min() < nb.edge[0.03, 0.9].max() < 1.05
    assert 0.25 < nb.edge[0.003, 0.9].min() < nb.edge[0.003, 0.9].max() < 0.85
    other = nb.at_the_edge(nb.optimizers.adam(0.03, 0.9), range(3, 5)) / 38
    assert np.all((other > 0.7) & (other < 1.1))


def test_M_one_bad_gradient_costs_many_updates_and_clipping_prevents_it():
    lost = notebook("05_adam").lost
    way, clipped, shortest = np.transpose(list(lost.values()))
    assert way == pytest.approx([5557, 771, 179], abs=2)
    assert clipped.max() < 1
    assert shortest[0] == pytest.approx(0.031, abs=0.002)


@pytest.mark.parametrize("seed", [0, 1])
def test_M_only_adamw_decays_at_a_pace_that_does_not_depend_on_the_noise(seed):
    for noise, by_l2 in ((0.1, 0.07), (1.0, 0.74), (10.0, 0.97)):
        l2, adamw = notebook("05_adam").decayed(noise, seed)
        assert l2 == pytest.approx(by_l2, abs=0.01)
        assert adamw == pytest.approx((1 - 1e-4) ** 3000, abs=0.01)


def test_D_the_heavy_ball_needs_about_the_root_of_the_condition_number():
    needed = notebook("05_adam").needed
    plain, ball = np.transpose(list(needed.values()))
    assert plain == pytest.approx([231, 23_026, 2_302_585], rel=1e-3)
    assert ball.tolist() == [34, 418, 5453]
    assert np.all((ball[1:] / ball[:-1] > 12) & (ball[1:] / ball[:-1] < 13.5))


def test_M_epsilon_leads_from_adam_to_momentum():
    nb = notebook("05_adam")
    apart = {name: np.array(values) for name, values in nb.dial.items()}
    assert apart["η = ε = 100, m not corrected"].max() < 2e-4
    assert apart["η = ε = 1, m not corrected"] == pytest.approx(0.012, abs=0.002)
    assert np.all((apart["η = ε = 100"] > 0.24) & (apart["η = ε = 100"] < 0.34))
    assert nb.apart_from_ball(nb.uncorrected_m(100.0), seed=3) < 2e-4


def test_M_uncorrected_first_steps_are_right_only_for_a_square_and_then_too_long():
    nb = notebook("05_adam")
    ones = np.ones((5000, 1))
    for of_m, of_sigma, first, largest in (
        (10, 100, 1, 2.13),
        (30, 900, 1, 3.56),
        (1, 1000, 31.6, 31.6),
    ):
        m = nb.remember(nb.directions.moving_average(1 - 1 / of_m, corrected=False), ones)
        sigma = nb.remember(nb.scales.moving_root_mean_square(1 - 1 / of_sigma), ones)
        step = (m / sigma)[:, 0]
        assert step[0] == pytest.approx(first, rel=0.01)
        assert step.max() == pytest.approx(largest, rel=0.01)


def test_N_decay_removes_the_burst_only_if_it_is_early_enough():
    nb = notebook("06_warmup")
    free = {name for name, count in nb.bursts.items() if count == 0}
    assert free == {"1/√(t+1)", "1/√(1+t/100)", "1/(1+t/300)"}
    assert nb.bursts["constant"] == pytest.approx(16, abs=1)
    assert nb.bursts["1/√(1+t/300)"] in (2, 3)
    assert nb.bursts["linear to 0"] in (4, 5)
    assert nb.bursts["cosine to 0"] in (4, 5)


def test_N_decay_that_is_too_early_does_not_arrive():
    nb = notebook("06_warmup")
    assert nb.arrival["1/√(t+1)"] is None
    assert 4 * nb.left_over["1/√(t+1)"] == pytest.approx(1.09, abs=0.01)
    assert nb.arrival["1/√(1+t/100)"] == pytest.approx(3045, abs=5)
    assert nb.arrival["1/(1+t/300)"] == pytest.approx(4987, abs=5)


def test_N_the_product_of_rate_and_root_of_time_decides():
    nb = notebook("06_warmup")
    assert nb.crossing == pytest.approx(140, abs=2)
    for name, value in nb.predicted.items():
        assert (value > 2) == (nb.bursts[name] > 0)
        if 1 < value < 2:
            assert nb.ratio[name].max() == pytest.approx(value, rel=0.02)
    assert all(nb.visible == (nb.time_scales > nb.crossing))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_O_the_first_scales_are_inaccurate(seed):
    spread = notebook("06_warmup").spread
    for n, value in {1: 31, 2: 7.6, 10: 2.2, 100: 1.26}.items():
        assert spread(n, seed) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_O_but_the_first_step_is_the_rate_and_later_ones_are_shorter(seed):
    nb = notebook("06_warmup")
    typical, largest = nb.step_sizes(seed).swapaxes(0, 1)
    assert typical[0] == pytest.approx([1, 1, 1], abs=0.01)
    assert np.all((typical[50:].mean(axis=0) > 0.08) & (typical[50:].mean(axis=0) < 0.35))
    assert largest.max() < 2
    raw, _ = nb.step_sizes(seed, beta1=0.0).swapaxes(0, 1)
    large, good, small = raw[50:].mean(axis=0)
    assert large < 0.2 < 0.6 < good < small  # averaging shortens the step at two of three rates


ANOTHER_DRAW = range(40, 47), 11  # seven starts, and the order of the mini-batches


def test_O_warmup_lowers_the_loss_most_where_the_rate_is_too_large():
    nb = notebook("06_warmup")
    found = [
        nb.compare(cold, warm)
        for cold, warm in zip(nb.loss["no warmup"], nb.loss["warmup 100"], strict=True)
    ]
    factors, counts, tolerance, gain = (np.array(each) for each in zip(*found, strict=True))
    assert factors[:, 0] == pytest.approx([5.7, 1.9], rel=0.05)
    assert np.all((factors[:, 1:] > 1.05) & (factors[:, 1:] < 1.35))
    assert np.all(counts[:, 0] == 7)
    assert np.all(np.isin(counts[:, 1:], [5, 6]))
    assert np.all((tolerance[:, 0] > 5) & (tolerance[:, 0] < 10))
    assert np.all((tolerance[:, 1] > 1.8) & (tolerance[:, 1] < 3.2))
    assert gain == pytest.approx([0.09, 0.13], abs=0.01)


@cache
def another_draw(warmup):
    nb = notebook("06_warmup")
    return nb.train(nb.optimizers.adam(nb.rate(warmup)), ANOTHER_DRAW)


def test_O_so_it_does_from_another_draw():
    factors, counts, tolerance, gain = notebook("06_warmup").compare(
        another_draw(0), another_draw(100)
    )
    assert 1.9 < factors[0] < 5.7
    assert factors[0] > 2 * factors[1:].max()
    assert counts[0] == 7
    assert 5 < tolerance[0] < 10
    assert 1.8 < tolerance[1] < 3.2
    assert 0 < gain < 0.3


def test_O_a_scale_from_ten_times_the_gradients_does_not_replace_warmup():
    nb = notebook("06_warmup")
    assert np.median(nb.accurate, axis=1) == pytest.approx([0.317, 0.268], rel=0.03)
    draws = [*zip(nb.accurate, nb.loss["no warmup"], nb.loss["warmup 100"], strict=True)]
    other = nb.train_accurate(ANOTHER_DRAW), another_draw(0), another_draw(100)
    for accurate, plain, warm in (*draws, other):
        assert 0.55 < np.median(accurate) / np.median(plain[:, 0]) < 1.15
        assert np.median(accurate) > 1.9 * np.median(warm[:, 0])
        assert np.sum(accurate > warm[:, 0]) >= 6


def test_O_with_no_other_gradients_the_loop_is_adam():
    nb = notebook("06_warmup")
    by_loop = nb.train_accurate(nb.DRAWS[0], others=0)
    assert np.median(by_loop) == pytest.approx(np.median(nb.loss["no warmup"][0][:, 0]), rel=0.1)


def test_O_a_scale_that_does_not_see_the_gradient_of_its_step_is_not_safe():
    nb = notebook("06_warmup")
    other_draw = np.median(nb.train_accurate(nb.DRAWS[1], others=10, own=0))
    for value in (nb.without_own, other_draw):
        assert value == pytest.approx(np.log(10), abs=0.02)


def test_O_accuracy_at_the_start_does_little_and_stiffness_harms():
    nb = notebook("06_warmup")
    medians = {way: np.median(each, axis=1) for way, each in nb.ways.items()}  # (draws, rates)
    poor, accurate, stiff = medians[1, 1], medians[100, 1], medians[100, 100]
    for soft in (poor, accurate):
        plain, warm = (np.median(nb.loss[name], axis=1) for name in ("no warmup", "warmup 100"))
        assert np.all(abs(np.log(soft[:, 0] / plain[:, 0])) < np.log(1.6))
        assert np.all(soft[:, 0] > 2 * warm[:, 0])
    assert np.all(accurate[:, :2] > poor[:, :2])
    assert np.all(stiff[:, 0] > 3 * accurate[:, 0])
    assert stiff[0, 0] == pytest.approx(np.log(10), abs=0.01)
    assert stiff[:, 1] / accurate[:, 1] == pytest.approx([1.65, 1.75], abs=0.1)


def test_O_so_it_is_in_another_draw():
    nb = notebook("06_warmup")
    poor, accurate, stiff = (
        np.median(
            nb.train(
                nb.Optimizer(nb.rate(), *nb.measured(nb.mean_square(shown, ANOTHER_DRAW), counted)),
                ANOTHER_DRAW,
            ),
            axis=0,
        )
        for shown, counted in nb.ways
    )
    plain, warm = (np.median(another_draw(warmup), axis=0)[0] for warmup in (0, 100))
    for soft in (poor, accurate):
        assert 2 * warm < soft[0] < 1.6 * plain
    assert stiff[0] > 3 * max(poor[0], accurate[0])
    assert stiff[1] > 1.4 * accurate[1]


def test_O_the_gradient_grows_at_once_and_the_stiff_scale_does_not_follow():
    nb = notebook("06_warmup")
    pairs = [(nb.first["plain Adam", k], nb.first["counted as 100", k]) for k in (1, 2)]
    pairs.append(tuple(nb.beginning(counted, ANOTHER_DRAW) for counted in (0, 100)))
    for (grown, _, size), (stiff_grown, stiff_scale, stiff_size) in pairs:
        assert min(grown[1], stiff_grown[1]) > 1.1
        assert stiff_grown[1] > 1.35 * stiff_scale[1]
        assert stiff_grown[2] > 1.35 * grown[2]
        assert size[:2] == pytest.approx([1, 0.7], abs=0.02)
        assert stiff_size[1] > 1.7


def test_O_a_scale_that_counts_nothing_is_that_of_adam():
    """The counting that `measured` carries on is right: a memory of no weight changes nothing."""
    nb = notebook("06_warmup")
    seeds, order = nb.DRAWS[0]
    plain = nb.optimizers.adam(nb.rate())
    rows = nb.updates(nb.training(order), nb.starts(seeds), plain, 3)
    size = [np.median(nb.step_size(row)[:, 0]) for row in rows]
    assert nb.first["plain Adam", 1][2] == pytest.approx(size)


def test_O_without_the_correction_the_large_rates_fail_and_warmup_helps():
    nb = notebook("06_warmup")
    cold = np.median(nb.loss["uncorrected"][0], axis=0)
    warm = np.median(nb.loss["uncorrected, warmup 100"][0], axis=0)
    assert cold[0] == pytest.approx(np.log(10), abs=0.01)
    assert 0.8 < cold[1] < 2.4
    assert 0.09 < cold[2] < 0.13
    assert warm[0] > 0.8
    assert warm[1:] == pytest.approx([0.12, 0.045], rel=0.15)


def test_O_radam_is_a_slow_warmup_of_its_own():
    nb = notebook("06_warmup")
    assert np.median(nb.loss["RAdam"][0], axis=0) == pytest.approx([0.036, 0.09, 0.36], rel=0.2)
    assert nb.radam_share[[5, 99, 399]] == pytest.approx([0.026, 0.215, 0.429], abs=0.001)


def test_O_warmup_takes_away_most_of_what_a_stiff_scale_does():
    nb = notebook("06_warmup")
    cold, warm = (np.median(nb.loss[name], axis=1) for name in ("stiff σ", "stiff σ, warmup 100"))
    assert cold[:, 0] == pytest.approx([np.log(10), 1.17], rel=0.05)
    assert cold[:, 1] == pytest.approx([0.089, 0.094], rel=0.05)
    assert warm[:, 0] == pytest.approx([0.17, 0.30], rel=0.05)
    assert warm[:, 1] == pytest.approx([0.047, 0.044], rel=0.05)


def test_O_at_a_large_rate_a_warmup_of_20_updates_helps_and_so_do_rules_with_short_first_steps():
    nb = notebook("06_warmup")
    final = {name: np.median(nb.loss[name], axis=1)[:, 0] for name in nb.rules}  # a value a draw
    assert final["warmup 20"] == pytest.approx([0.12, 0.20], rel=0.05)
    assert np.all(final["warmup 20"] < 0.85 * final["no warmup"])
    assert np.all(final["RAdam"] < 0.045)
    assert np.all(final["uncorrected"] > 2.29)
    large, _, small = nb.rank.values()
    assert large == pytest.approx(0.95, abs=0.01)
    assert abs(small) < 0.4


@pytest.mark.parametrize("first_seed", [10, 20])
def test_a_late_decay_ends_lowest_on_a_network_that_bounces(first_seed):
    nb = notebook("06_warmup")
    losses = nb.by_schedule if first_seed == 10 else nb.patients(first_seed)
    before = {
        name: np.median(each[2650:2700].mean(axis=0), axis=0) for name, each in losses.items()
    }
    end = {name: np.median(each[-1], axis=0) for name, each in losses.items()}
    assert end["WSD"].min() == pytest.approx(0.302, abs=1e-3)
    for other in ("linear", "cosine"):
        assert np.all(before["WSD"][1:] > before[other][1:] - 1e-3)
        assert np.all(before["WSD"][2:] > before[other][2:] + 0.03)
        assert 0.306 < end[other].min() < 0.318
        assert end[other].argmin() == 2 or end[other][2:] == pytest.approx(end[other][2], abs=1e-3)
        assert np.sum(losses["WSD"][-1] < losses[other][-1], axis=0)[1] == 10


def test_over_a_longer_training_at_a_large_rate_a_decay_helps_and_a_warmup_alone_does_not():
    nb = notebook("06_warmup")
    runs = nb.long_run
    assert np.all(runs["warmup, constant"] > runs["constant"])
    assert np.all(runs["warmup, linear decay"] < 0.2 * runs["linear decay"])
    other = {name: nb.train_longer(lr, range(20, 23), order=5) for name, lr in nb.four.items()}
    for losses in (runs, other):
        assert min(min(losses["constant"]), min(losses["warmup, constant"])) > 0.8
        assert max(losses["linear decay"]) < 0.35
        assert max(losses["warmup, linear decay"]) < 0.25


@pytest.mark.parametrize("seed", [0, 1])
def test_how_the_rate_may_grow_with_the_batch(seed):
    nb = notebook("06_warmup")
    pairs = list(zip(nb.batches_of, nb.rates_of, strict=True))
    assert pairs == [(1, 1), (4, 2), (4, 4), (16, 4), (16, 16)]
    for make, expected in {
        nb.optimizers.gradient_descent: [1, 0.5, 1.02, 0.25, 1.09],
        nb.optimizers.rmsprop: [1, 1.01, 2.05, 1.04, 4.7],
    }.items():
        found = nb.floors(make, nb.rates_of, nb.batches_of, seed)
        assert found == pytest.approx(expected, rel=0.03)


def test_the_answers_of_notebook_06_are_measured():
    nb = notebook("06_warmup")

    def valley(lr=0.05, decay="constant", warmup=0):
        run = nb.explorers.warmup.schedule_model(lr, decay, warmup, "straight")
        return len(nb.explorers.bursts(run)), abs(run.theta[-1, 0])

    decays = {decay: valley(decay=decay) for decay in nb.explorers.warmup.DECAYS}
    free = {decay: left for decay, (count, left) in decays.items() if count == 0}
    left = {"1/√(t+1)": 2.7, "1/√(1+t/100)": 0.094, "1/(1+t/300)": 0.25}
    assert free == pytest.approx(left, rel=0.03)
    warmed = [valley(warmup=warmup) for warmup in (0, 100, 200, 500)]
    assert [count for count, _ in warmed] == [6, 2, 1, 0]
    assert [left for _, left in warmed] == pytest.approx([0.014, 0.060, 0.085, 0.17], rel=0.05)


def test_every_named_rule_is_its_three_parts():
    nb = notebook("06_warmup")
    assert len(nb.same) == 7
    assert all(nb.same.values())


def test_schedules_have_the_formulas_of_the_table():
    nb = notebook("06_warmup")
    at = {name: [lr(t) / lr(0) for t in (100, 500, 1000)] for name, lr in nb.falling.items()}
    assert at["linear"] == pytest.approx([1 - 0.9 / 8, 1 - 4.5 / 8, 0.1])
    assert at["power law"] == pytest.approx([1 / 2, 1 / 6, 1 / 11])
    assert at["exponential"] == pytest.approx([0.5**0.5, 0.5**2.5, 0.5**5])
    assert at["step"] == pytest.approx([1, 0.5, 0.125])
    assert at["cosine"] == pytest.approx([0.5 + 0.5 * np.cos(np.pi / 10), 0.5, 0], abs=1e-12)
    assert at["inverse root"] == pytest.approx([101**-0.5, 501**-0.5, 1001**-0.5])
    bert, noam = nb.rising.values()
    assert [bert(0), bert(199), bert(600)] == pytest.approx([1 / 200, 1, 0.5])
    assert noam(199) == pytest.approx((512 * 200) ** -0.5)
    assert noam(799) == pytest.approx(noam(199) / 2)


def test_the_border_of_the_map_is_the_bound_for_every_condition_number():
    nb = notebook("02_learning_rate")
    assert nb.borders.min() == nb.borders.max() == pytest.approx(0.0108, abs=1e-4)
    long = nb.kappas > 5
    middle = 2 / (200 + 200 / nb.kappas[long])
    assert nb.best_rate[long] == pytest.approx(middle, rel=0.06)  # the next cell is 6 % away


def test_a_rate_finder_finds_the_border_but_not_the_best_rate():
    nb = notebook("02_learning_rate")
    assert 0.7 < min(nb.lowest) < max(nb.lowest) < 1.5
    assert np.all((nb.best_fixed >= 0.7) & (nb.best_fixed <= 1.5))
    assert 0.7 < nb.above.min() < nb.above.max() < 1.9
    assert nb.middle[2] / nb.middle.min() == pytest.approx(7.5, abs=1)
    assert np.all(nb.fixed_loss[:, 9] > np.log(10))
    other = [nb.find_rate(nb.net.init(seed), seed=seed) for seed in range(10, 15)]
    assert min(rate[loss.argmin()] for rate, loss in other) > 0.6
    assert max(rate[loss.argmin()] for rate, loss in other) < 2


def test_what_a_rate_finder_says_depends_on_batch_length_and_start():
    limits = notebook("02_learning_rate").limits
    assert min(limits["all rows"]) > 2 * max(limits["mini-batches of 100"])
    assert limits["25 updates instead of 100"][2] > limits["mini-batches of 100"][2]
    assert max(limits["after 400 updates of training"]) < 0.5


def test_the_smallest_rate_that_arrives_depends_on_the_start_of_sigma_if_the_memory_is_long():
    nb = notebook("04_rmsprop")
    short, long = (np.abs(nb.memories - memory).argmin() for memory in (2, 100))
    first, zero, corrected = nb.arriving.values()
    assert first[short] == zero[short] == corrected[short]
    assert first[long] / zero[long] == pytest.approx(9.5, abs=1)
    assert first[long] / corrected[long] == pytest.approx(5.3, abs=0.6)


def test_beyond_the_gap_in_the_map_sigma_has_not_fallen_far_enough_to_tremble():
    nb = notebook("04_rmsprop")
    rates = list(nb.near_rate.values())
    assert rates == pytest.approx([0.023, 0.073, 0.15, 0.27, 0.56, 0.75, 0.80], abs=0.01)
    assert all(nb.end_edge[gradients] > 1.95 for gradients in (10, 20, 30))
    assert all(nb.end_edge[gradients] < 1.9 for gradients in (50, 100, 1000, 10**9))
    assert nb.staying[20] == 0
    assert nb.staying[30] <= 1
    assert all(nb.staying[gradients] >= 4 for gradients in (10, 50, 100, 1000, 10**9))
    assert nb.steepest * (0.04 / 2) ** 2 / 2 > 1e-3 > nb.steepest * (0.038 / 2) ** 2 / 2
    assert (2e-3 / nb.flattest) ** 0.5 < 0.15
    assert all(0.2 < share < 0.7 for share in nb.corner.values())


def test_after_200_updates_adam_has_arrived_with_a_short_m_and_a_long_sigma():
    nb = notebook("05_adam")
    good = nb.quarter[("short", "long")]
    assert good < 1e-12
    assert sorted(nb.quarter.values())[1] > 1e-4
    assert nb.below < 0.01
    assert nb.above == 1


def test_those_that_have_arrived_after_200_updates_burst_later():
    at_200, peak, when = np.transpose(list(notebook("05_adam").later.values()))
    assert np.all(at_200 < 1e-8)
    assert np.all(peak > 0.1)
    assert when == pytest.approx([587, 257, 730, 4705, 7069], rel=0.02)


def test_a_warmup_widens_the_band_of_rates_that_train():
    good = notebook("06_warmup").good.sum(axis=0)
    assert good[0] == 3
    assert np.all(np.diff(good) >= 0)
    assert good[-1] == 5


def test_so_it_does_from_another_start():
    *_, (_, seen) = notebook("06_warmup").explorers.warmup.mapping(3)
    good = np.sum(seen.loss < 0.1, axis=0)
    assert good[0] == 2
    assert good[-1] == 4
    assert seen.loss[:, 0].min() > seen.loss[:, 1:].min()


def test_momentum_raises_the_bound_to_2_times_1_plus_mu_by_lambda():
    nb = notebook("07_playground")
    assert nb.largest == pytest.approx(2 * (1 + nb.momenta) / 50, rel=0.03)
    turned = nb.pairs["turned"].loss
    assert np.all(turned[:, 1] < 1e-3 * turned[:, 3])
    assert np.all(nb.pairs["along an axis"].loss[:, 3] < 1e-6 * turned[:, 3])


# ---- 08 Beyond the lecture


def test_a_full_matrix_arrives_in_the_turned_valley_where_a_rate_for_each_parameter_does_not():
    nb = notebook("08_beyond")
    along, turned = "along an axis", "turned by 45°"
    assert nb.arrivals["Adagrad", along].min() == 3
    assert nb.arrivals["Adagrad", along][12] == 27
    assert nb.left_over["Adagrad", turned] == nb.least == pytest.approx(0.996, abs=1e-3)
    assert nb.arrivals["full matrix", along].min() == nb.arrivals["full matrix", turned].min() == 4
    assert nb.arrivals["full matrix", turned][12] == 40
    assert nb.many_rates[12] == pytest.approx(1)
    assert nb.turn_error < 1e-9
    assert nb.by_hand_error < 1e-9


def test_gradient_descent_is_blind_to_the_turn_as_well_and_does_not_arrive():
    nb = notebook("08_beyond")
    left = [nb.left_over["gradient descent", where] for where in ("along an axis", "turned by 45°")]
    assert left[0] == pytest.approx(left[1], abs=1e-9)
    assert min(left) > 0.99


def test_the_answers_on_the_turned_valley_are_measured():
    def both(**knobs):
        return [
            outcome(path) for path in turning_model(**({"lr": 0.5, "angle": 45.0} | knobs)).values()
        ]

    from_on = "is within 1 % from update {} on"
    assert both(angle=0.0) == [from_on.format(18), from_on.format(19)]
    assert both(angle=1.0) == ["leaves 23% of the way", from_on.format(18)]
    assert both(kappa=10.0) == [from_on.format(98), from_on.format(18)]
    assert both(kappa=100.0) == ["leaves 21% of the way", from_on.format(17)]
    assert both() == ["leaves 46% of the way", from_on.format(17)]
    left = [both(lr=lr)[0] for lr in np.geomspace(0.05, 10, 12)]
    assert set(left) <= {f"leaves {share}% of the way" for share in (45, 46, 47, 48)}
    assert both(lr=0.01)[0] == "leaves 82% of the way"


@pytest.mark.parametrize("seed", [0, 7])
def test_from_other_starts_the_full_matrix_is_as_soon_as_adagrad_along_an_axis(seed):
    nb = notebook("08_beyond")
    for make, angle in ((nb.optimizers.adagrad, 0.0), (nb.full_matrix_adagrad, np.pi / 4)):
        best, at_one = nb.from_other_starts(make, angle, seed)
        assert 3 <= best.min() <= best.max() <= 7
        assert 10 <= at_one.min() <= at_one.max() <= 40


def test_on_the_table_of_letters_most_of_muons_lead_is_its_momentum():
    nb = notebook("08_beyond")
    plain, rolled = (
        {name: curve[-1] for (name, beta1), curve in nb.best_curves.items() if beta1 == value}
        for value in (0.0, 0.9)
    )
    order = ["Adam", "Adagrad", "full matrix", "Shampoo", "gradient descent", "Muon"]
    assert sorted(plain, key=plain.get) == order
    order = ["Adam", "Shampoo", "Adagrad", "Muon", "gradient descent"]
    assert sorted(rolled, key=rolled.get) == order
    assert plain["Muon"] == pytest.approx(0.0078, abs=1e-4)
    assert plain["gradient descent"] == pytest.approx(0.007, abs=1e-4)
    assert plain["gradient descent"] < 3 * plain["full matrix"]
    assert rolled["gradient descent"] == pytest.approx(0.0023, abs=5e-5)
    assert rolled["Muon"] == pytest.approx(0.0011, abs=5e-5)
    assert rolled["Shampoo"] == pytest.approx(6.3e-4, rel=0.02)
    assert rolled["Adam"] == pytest.approx(1.4e-4, rel=0.05)
    for column in (plain, rolled):
        matrices = [column[name] for name in ("Shampoo", "Muon", "full matrix") if name in column]
        assert min(matrices) > 4 * column["Adam"]
    assert nb.corrected == pytest.approx(0.0041, abs=5e-5)
    assert nb.steady > 5
    assert all(nb.inner)
    assert nb.first_gap < 1e-9
    assert nb.entropy == pytest.approx(2.288, abs=1e-3)


@pytest.mark.parametrize("seed", [10, 20])
def test_without_the_letters_as_axes_adam_loses_its_lead_and_muon_does_not_notice(seed):
    nb = notebook("08_beyond")
    plain, rolled = (
        {
            name: nb.turned_excess(name, beta1, seed)
            for name in ("gradient descent", "Adagrad", "Adam", "Shampoo", "Muon")
        }
        for beta1 in (0.0, 0.9)
    )
    assert 0.0014 < rolled["Adam"] < 0.003
    assert rolled["Adam"] > 10 * nb.best_curves["Adam", 0.9][-1]
    assert plain["Adam"] > 50 * nb.best_curves["Adam", 0.0][-1]
    assert min(plain["Adagrad"], plain["Adam"]) > plain["gradient descent"]
    assert min(plain, key=plain.get) == min(rolled, key=rolled.get) == "Shampoo"
    for name in ("Adam", "gradient descent"):
        assert 1.5 < rolled[name] / rolled["Muon"] < 2.5
    for beta1, column in ((0.0, plain), (0.9, rolled)):
        for name in ("gradient descent", "Shampoo", "Muon"):
            assert column[name] == pytest.approx(nb.best_curves[name, beta1][-1], rel=0.02)


@pytest.mark.parametrize("seed", [10, 11])
def test_the_mean_of_the_path_is_far_below_the_noise_floor(seed):
    last, mean, cosine = notebook("08_beyond").three_ends(seed)
    assert last[:2] == pytest.approx([0.167, 0.125], rel=0.12)
    assert mean[:2] == pytest.approx([0.0005, 0.01], rel=0.2)
    assert mean[0] < last[0] / 100
    assert mean[0] < 0.4 * cosine[0]
    assert mean[1] < cosine[1] < 0.017
    assert 0.9 * cosine[2] < mean[2] < last[2]


def test_the_loss_of_the_mean_does_not_depend_on_the_rate():
    losses = list(notebook("08_beyond").other_rates.values())
    assert losses == pytest.approx([0.00045] * 3, rel=0.05)


@pytest.mark.parametrize("seed", [10, 11])
def test_schedule_free_ends_near_a_cosine_that_knew_the_length(seed):
    nb = notebook("08_beyond")
    for steps, ratio in ((200, [1.35, 1.2, 0.97]), (2000, [0.66, 1.65, 1.29])):
        free = nb.schedule_free(seed, steps, beta=0.9)
        assert free / nb.stopped_cosine(seed, steps, steps) == pytest.approx(ratio, rel=0.15)
    assert np.all(nb.schedule_free(seed, 2000, beta=0.0) < nb.stopped_cosine(seed, 2000, 2000))
    assert 0.1 < nb.stopped_cosine(seed, 200, 2000)[1] < 0.16


def test_at_the_point_between_schedule_free_is_stable_at_large_rates():
    nb = notebook("08_beyond")
    assert nb.schedule_free(3, 100, 0.9, 15.0, 20)[0] < 10
    assert nb.schedule_free(3, 100, 0.0, 2.1, 20)[0] > 1000
    end, farthest = nb.without_noise(0.9, 15.0)
    assert end < 0.01
    assert 1e5 < farthest < 2e5
    assert nb.without_noise(0.9, 19.0)[0] < 0.01
    assert nb.without_noise(0.9, 21.0)[0] == nb.without_noise(0.0, 2.1)[0] == np.inf


def test_adam_walks_uphill_with_a_memory_shorter_than_the_gap_between_large_gradients():
    nb = notebook("08_beyond")
    assert nb.three_one_one["Adam"] == pytest.approx([2.38, -0.18, -1.62, -1.86, -1.88], abs=0.01)
    assert (nb.fifty["Adam"] > 0).tolist() == [True, True, True, False, False]
    assert nb.cycle[-3:] == pytest.approx([-1.05, 0.76, 0.97], abs=0.01)
    assert np.all(nb.remembered[0] < 0)
    assert (nb.remembered[1] > 0).tolist() == [False, True, True, False, False]
    assert nb.remembered[1][0] == pytest.approx(-1.47, abs=0.01)
    assert nb.fifty["Adam"][0] == pytest.approx(9.39, abs=0.01)


def test_amsgrad_and_a_sigma_without_the_newest_gradient_walk_downhill():
    nb = notebook("08_beyond")
    for found in (nb.three_one_one, nb.fifty):
        assert np.all(found["AMSGrad"] < 0)
        assert np.all(found["Adam, σ one late"] < 0)


def test_momentum_widens_the_range_of_good_rates_mainly_to_smaller_ones():
    nb = notebook("07_playground")
    wedge, floor = nb.wedge, nb.of_floor
    assert wedge[0] == pytest.approx([0.035, 0.039], abs=1e-3)
    assert wedge[3] == pytest.approx([0.0025, 0.074], rel=0.03)
    assert wedge[0, 0] / wedge[3, 0] == pytest.approx(14, abs=1)
    assert wedge[3, 1] / wedge[0, 1] == pytest.approx(1.9, abs=0.1)
    assert floor[:4, 0] == pytest.approx(wedge[:4, 0], rel=0.05)
    assert floor[:4, 0] == pytest.approx((1 - nb.more[:4]) * floor[0, 0], rel=0.35)
    assert np.isnan(wedge[4]).all()
    assert 1 < nb.lowest.argmin() + 1 < 4


@pytest.mark.parametrize("start", [(-1.0, -0.6), (1.5, 0.3)])
def test_so_it_does_from_other_starts(start):
    nb = notebook("07_playground")
    _, ends = nb.good_rates(nb.long_valley, start, np.array([0.0, 0.9]))
    down, up = ends[0, 0] / ends[1, 0], ends[1, 1] / ends[0, 1]
    assert down > 12
    assert up < 2


def test_every_scale_keeps_a_run_inside_and_every_schedule_moves_the_border():
    from course_lib.explorers import dials

    first = {}
    for scale in dials.SCALES:
        for schedule in dials.SCHEDULES:
            parts = {"direction": "heavy ball", "scale": scale, "schedule": schedule}
            place = ("lr", "momentum", "valley", (-1.8, 1.0))
            gone = dials.playground_map_model(*place, **parts).diverged_at >= 0
            if scale != "one":
                assert not gone.any()
                continue
            first[schedule] = dials.MAP_AXES["lr"].values[gone[:, 0].argmax()]
    said = {"constant": 0.044, "cosine to 0": 0.047, "linear to 0": 0.051}
    said |= {"exponential": 0.059, "inverse root": 0.19}
    assert first == pytest.approx(said, rel=0.02)


def test_most_of_the_lead_of_the_second_rule_was_the_rate_of_the_first():
    nb = notebook("07_playground")
    place = nb.long_valley, nb.beginning
    before = {name: nb.last_losses(name, *place, [lr])[0] for name, lr in nb.untuned.items()}
    assert before["A"] == pytest.approx(0.0039, rel=0.02)
    assert 4e9 < before["A"] / before["B"] < 6e9
    assert before["A"] / nb.tuned["A"] > 1e6
    assert nb.tuned["A"] == pytest.approx(1.7e-10, rel=0.1)
    assert nb.tuned["B"] < 1e-12
    good = {name: nb.last_losses(name, *place, nb.many_rates) < 1e-9 for name in nb.untuned}
    assert good["A"].sum() == 2
    assert good["B"].mean() > 0.8
    assert nb.many_rates[good["A"]] == pytest.approx([0.0355, 0.0376], rel=0.01)


@pytest.mark.parametrize("start", [(-1.8, 1.0), (-1.0, -0.6), (1.5, 0.3), (0.5, 2.0), (2.0, -1.0)])
def test_a_turn_costs_rates_for_parameters_room_but_a_larger_rate_makes_up_for_it(start):
    nb = notebook("07_playground")
    start = np.array(start)
    ground = {"along": (nb.long_valley, start), "turned": (nb.turned_valley, nb.turn(start))}
    ends = {
        (name, where): nb.last_losses(name, *place, nb.many_rates)
        for name in nb.untuned
        for where, place in ground.items()
    }
    assert ends["A", "along"] == pytest.approx(ends["A", "turned"], rel=1e-3)
    assert max(ends["B", "along"].min(), ends["B", "turned"].min()) < 1e-12
    first = [np.argmax(ends["B", where] < 1e-9) for where in ("along", "turned")]
    assert first[0] < first[1]


def test_the_turned_start_and_the_turned_valley_cost_what_the_text_says():
    nb = notebook("07_playground")
    along, valley, both = (nb.turned_ends[where, "B"] for where in nb.places)
    assert both[0] / along[0] == pytest.approx(900, rel=0.2)
    assert valley[0] / both[0] == pytest.approx(5800, rel=0.2)
    smallest = [along[2], both[2], valley[2]]
    assert smallest == pytest.approx([0.014, 0.089, 0.16], rel=0.04)


def test_in_a_turned_valley_a_long_memory_of_sigma_fails_because_of_the_steep_beginning():
    nb = notebook("07_playground")
    names = ("from the wall", "a third of its height", "a tenth of its height", "from the floor")
    ends = [nb.runs[name, 1000].loss[-1] for name in names]
    assert np.all(np.diff(ends) < 0)
    assert ends == pytest.approx([9e-3, 3e-8, 6e-10, 2.4e-10], rel=0.2)
    assert nb.runs["from the wall", 25].loss[-1] < 1e-4
    sizes = [nb.runs[name, 1000].scale[100, 0] for name in names]
    assert sizes[0] / sizes[1] == pytest.approx(4, abs=0.3)
    for length in (25, 1000):
        scale = nb.runs["from the wall", length].scale[100]
        assert scale[1] / scale[0] == pytest.approx(1.43, abs=0.02)


def test_a_longer_memory_of_sigma_only_delays_the_burst():
    nb = notebook("07_playground")
    assert list(nb.again.values()) == pytest.approx([220, 728, 4702], rel=0.01)
    assert np.all(nb.pairs["along an axis"].loss[0, 1:] < 1e-9)
    falling = nb.two_memories(3, 100)
    lr = nb.schedules.inverse_sqrt(0.1)
    run = nb.descend(
        nb.long_valley, nb.beginning, nb.Optimizer(lr, falling.direction, falling.scale), 10_000
    )
    assert run.loss[1000:].max() < 1e-3


def test_the_run_on_the_crescent_is_thrown_out_just_after_its_picture():
    from course_lib.explorers import dials

    nb, crescent = notebook("07_playground"), dials.SURFACES["crescent"]
    lowest = crescent.surface.value(np.array(crescent.surface.special["minimum"]))
    left = {}
    for alpha in (0.9, 0.99):
        scale = nb.scales.moving_root_mean_square(alpha, corrected=True)
        rule = nb.Optimizer(0.1, nb.directions.gradient(), scale)
        left[alpha] = nb.descend(crescent.surface, crescent.start, rule, 600).loss - lowest
    assert left[0.99][300] < 1e-8
    assert 301 + np.argmax(left[0.99][301:] > 1e-3) == pytest.approx(317, abs=2)
    assert left[0.99][301:].max() > 0.1
    assert 0.005 < left[0.9][200:].max() < 0.1


def test_on_digits_held_out_the_rules_differ_less_than_the_starts():
    nb = notebook("07_playground")
    ends, shares = {}, {}
    for name in nb.rules:
        ends[name] = [nb.end_of(found[name][1]) for found in nb.results]
        shares[name] = [np.mean(found[name][2]) for found in nb.results]
        assert all(0.01 < found[name][0] < 3 for found in nb.results)
    assert max(ends["Adam"] + ends["mine"]) < 0.6 * min(ends["gradient descent"])
    means = [np.mean(values) for values in shares.values()]
    assert np.ptp(means) < 0.01
    assert min(np.ptp(values) for values in shares.values()) > np.ptp(means)
    own, other = nb.halves.T
    assert np.all(own - other > np.ptp(means))
    assert np.all(own - other < 0.02)


def test_the_answers_on_the_playground_are_what_its_pictures_show():
    from course_lib.explorers import dials

    def run(surface, direction, scale, schedule, lr):
        start = dials.SURFACES[surface].start
        return dials.playground_model(surface, start, direction, scale, schedule, lr)

    nesterov = [run("valley", "Nesterov", "one", "constant", lr) for lr in (0.027, 0.028)]
    assert nesterov[0].loss[-1] < 0.01
    assert nesterov[1].diverged_at
    left = {}
    for scale in dials.SCALES:
        saddle = run("saddle", "gradient", scale, "constant", 0.1)
        left[scale] = int(np.argmax(saddle.loss < -0.5))
    assert list(left.values()) == [49, 30, 9, 9]
    for lr, peak in ((0.35, 152), (0.5, 60)):
        loss = run("valley", "gradient", "root of the mean", "constant", lr).loss
        assert loss[30 : peak + 20].argmax() + 30 == pytest.approx(peak, abs=2)
        falling = run("valley", "gradient", "root of the mean", "inverse root", lr).loss
        assert falling[-1] < 1e-20
    left = {}
    for lr in (0.1, 0.3):
        for schedule in dials.SCHEDULES:
            crescent = run("crescent", "gradient", "moving root mean square", schedule, lr)
            surface = dials.SURFACES["crescent"].surface
            lowest = surface.value(np.array(surface.special["minimum"]))
            left[lr, schedule] = crescent.loss[-1] - lowest
    falling = [name for name in dials.SCHEDULES if name != "constant"]
    assert left[0.1, "constant"] < 1e-8
    assert all(0.01 < left[0.1, name] < 0.2 for name in falling)
    assert 0.03 < left[0.3, "constant"] < 0.1
    assert left[0.3, "inverse root"] == pytest.approx(0.038, abs=0.005)
    assert max(left[0.3, name] for name in falling if name != "inverse root") < 1e-4


def test_equal_gradients_are_nan_to_the_rule_of_exercise_04_when_its_answer_says():
    cells = nbformat.read(EXERCISES / "04_rmsprop.ipynb", as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    left: dict = {"np": np}
    exec(re.search(r"```python\n(def centred_step.*?)```", text, re.DOTALL)[1], left)
    theta = m = v = np.zeros(1)
    for update in range(1, 5000):
        with np.errstate(invalid="ignore"):
            theta, m, v = left["centred_step"](theta, 0.1, m, v, 0.01, 0.99, 1e-8)
        if update == 500:
            share = 0.99**update
            assert v - m**2 == pytest.approx(0.1**2 * share * (1 - share), rel=1e-6)
        if np.isnan(theta):
            break
    assert update == pytest.approx(3200, abs=50)
