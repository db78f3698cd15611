"""Every claim of the lecture, held at the number that the notebook's own code computes.

A notebook's cells are executed once; a test asks for the variables they leave, or calls the
notebook's own functions with other seeds. The letters are those of the claims, in their order.
"""

from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


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


@pytest.mark.parametrize("first_seed", [0, 40])
def test_A_on_mini_batches_nothing_bounces_and_a_smaller_rate_helps_all_the_same(
    first_seed,
):
    nb = notebook("01_critical_points")
    seeds = range(first_seed, first_seed + 10)
    cosine, sharpness, at_end, uncut, cut = np.array([nb.by_batches(seed) for seed in seeds]).T
    assert cosine.min() > -0.3
    assert sharpness.max() < 1
    assert np.sum(cut < at_end) >= 9
    assert np.sum(cut < uncut) >= 9
    assert 2 <= np.sum(uncut < at_end) <= 8


def test_A_a_late_cut_of_the_rate_ends_lower_than_an_early_one():
    nb = notebook("01_critical_points")
    assert np.median(nb.cut_700) == pytest.approx(0.339, abs=2e-3)
    assert np.median(nb.cut_2950) == pytest.approx(0.304, abs=2e-3)
    assert np.median(nb.never) == pytest.approx(0.328, abs=2e-3)
    assert np.sum(nb.cut_2950 < nb.cut_700) >= 19
    assert np.sum(nb.soon_after < nb.instead) >= 18


def test_A_so_it_does_from_eighty_other_starts():
    nb = notebook("01_critical_points")
    tens = [nb.when_to_cut(first_seed) for first_seed in range(30, 110, 10)]
    early, late, never, soon, instead = np.concatenate(tens, axis=1)
    assert np.mean(late < early) > 0.97
    assert np.mean(late < never) == pytest.approx(0.8, abs=0.07)
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


def test_F_rates_per_parameter_work_along_the_axes_only():
    share = notebook("02_learning_rate").share_left
    for name in ("Adagrad", "RMSProp", "Adam"):
        assert share[name]["along the axes"].min() < 1e-3
    assert share["Adagrad"]["turned"].min() == pytest.approx(0.9725, abs=0.003)
    assert share["RMSProp"]["turned"].min() == pytest.approx(0.960, abs=0.003)
    assert share["Adam"]["turned"].min() == pytest.approx(0.50, abs=0.01)
    # At η = 0.01, the rate of claims.md.
    assert share["Adam"]["turned"][8] == pytest.approx(0.596, abs=0.005)


def test_F_gradient_descent_and_momentum_do_not_notice_the_turn():
    share = notebook("02_learning_rate").share_left
    for name in ("gradient descent", "momentum 0.9", "momentum 0.999"):
        along, turned = share[name].values()
        # Beyond the stable rates both have grown without end.
        assert np.allclose(along[along < 1], turned[along < 1], rtol=1e-3, atol=1e-6)
    assert share["gradient descent"]["turned"].min() == pytest.approx(0.961, abs=0.002)
    assert share["momentum 0.9"]["turned"].min() == pytest.approx(0.490, abs=0.005)
    assert share["momentum 0.999"]["turned"].min() < 1e-3


def test_F_in_the_turned_valley_both_parameters_get_the_same_scale():
    ratio = notebook("02_learning_rate").ratio
    assert ratio["along the axes"].max() < 1 / 3000
    assert np.abs(ratio["turned"] - 1).max() < 1e-3


def test_F_momentum_first_swings_through_the_minimum_and_stays_much_later():
    inside = notebook("02_learning_rate").inside
    for first, for_good in inside.values():
        assert first == pytest.approx(1446, abs=2)
        assert for_good == pytest.approx(8146, abs=20)


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


def test_I_the_burst_belongs_to_the_mean_form():
    nb = notebook("03_adagrad")
    # Bursts grow out of rounding: another order of additions moves them by a few per cent.
    assert len(nb.bursts) in (15, 16)
    assert nb.bursts[:5] == pytest.approx([256, 551, 917, 1343, 1822], rel=0.05)
    assert nb.peaks[:4] == pytest.approx([0.99, 0.87, 0.80, 0.75], abs=0.025)
    assert nb.arrival == pytest.approx(1844, rel=0.05)
    assert set(nb.sum_bursts.values()) == {0}


def test_I_each_burst_is_preceded_by_a_loss_of_stability():
    nb = notebook("03_adagrad")
    assert nb.crossings[:4] == pytest.approx([139, 400, 740, 1144], rel=0.04)
    assert nb.delays.min() > 100
    assert nb.ratio.max() == pytest.approx(2.71, abs=0.03)


def test_I_the_first_crossing_goes_with_the_cube_of_offset_over_rate():
    assert all(1.7 < factor < 1.9 for factor in notebook("03_adagrad").onset_factor)


def test_J_the_size_of_the_gradients_stands_in_for_the_curvature():
    nb = notebook("03_adagrad")
    assert nb.rank["|g|"] == pytest.approx(0.18, abs=0.06)
    assert nb.rank["|g| / h"] > 0.999
    assert nb.rank["|g| / RMS of 1"] == pytest.approx(0.68, abs=0.06)
    assert nb.rank["|g| / RMS of 5"] == pytest.approx(0.92, abs=0.02)
    assert nb.rank["|g| / RMS of 20"] == pytest.approx(0.98, abs=0.01)


def test_J_on_a_network_the_stand_in_is_weaker():
    slopes = notebook("03_adagrad").slopes
    assert all(0.4 < slope < 0.7 for slope in slopes)


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
    assert list(nb.tremble.values()) == pytest.approx([0.5] * 3, abs=0.01)
    assert list(nb.end_ratio.values()) == pytest.approx([2] * 3, abs=0.01)


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
    assert list(nb.first_crossing.values()) == pytest.approx([131, 783, 4456], rel=0.02)
    assert list(nb.first_burst.values()) == pytest.approx([242, 927, 4725], rel=0.02)


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
    assert nb.inner
    assert nb.next_rate["gradient descent"] > np.log(10)
    assert all(nb.next_rate[rule] < 0.5 for rule in ("Adagrad", "RMSProp", "Adam"))


def test_F_turning_the_valley_costs_the_scale_its_use():
    nb = notebook("05_adam")
    for rule in ("gradient descent", "momentum"):
        aligned, turned = nb.turned_table[rule]
        assert turned == pytest.approx(aligned, rel=0.01)
    for rule in ("Adagrad", "RMSProp"):
        aligned, turned = nb.turned_table[rule]
        assert aligned < 0.01
        assert turned > 0.5
    assert max(nb.turned_table["Adam"]) < 0.01
    assert nb.flatter[0] < 0.01
    assert nb.flatter[1] > 0.8


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
    assert all(nb.visible == (nb.s > nb.crossing))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_O_the_first_scales_are_inaccurate(seed):
    spread = notebook("06_warmup").spread
    for n, value in {1: 31, 2: 7.6, 10: 2.2, 100: 1.26}.items():
        assert spread(n, seed) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_O_but_the_first_step_is_the_rate_and_later_ones_are_shorter(seed):
    sizes = notebook("06_warmup").step_sizes(seed)
    assert sizes[0] == pytest.approx([1, 1, 1], abs=0.01)
    assert all((0.08 < size < 0.35) for size in sizes[50:].mean(axis=0))


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
    return nb.train(nb.optimizers.adam(nb.rate(warmup)), ANOTHER_DRAW, 3)[0]


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


def test_O_an_accurate_scale_does_not_replace_warmup_and_a_stiff_one_harms():
    nb = notebook("06_warmup")
    large, good = np.array(nb.ways).swapaxes(0, 1)  # (draws, ways) at each of two rates
    for k, name in enumerate(("no warmup", "warmup 100")):
        plain = np.median(nb.loss[name], axis=1)  # (draws, rates)
        if k == 0:
            assert np.all(abs(np.log(large[:, :2] / plain[:, :1])) < np.log(1.6))
        else:
            assert np.all(large[:, :2] > 2 * plain[:, :1])
    assert np.all(large[:, 1] > large[:, 0])
    assert np.all(good[:, 1] > good[:, 0])
    assert np.all(large[:, 3] > 3 * large[:, 1])
    assert large[0, 3] == pytest.approx(np.log(10), abs=0.01)
    assert good[:, 3] / good[:, 1] == pytest.approx([1.65, 1.75], abs=0.1)


def test_O_so_it_is_in_another_draw():
    nb = notebook("06_warmup")
    way, _ = nb.train(nb.begin(ANOTHER_DRAW, nb.RATES[:2]), ANOTHER_DRAW, 2, 4)
    (inaccurate, accurate, _, stiff), good = np.median(way, axis=0)
    plain, warm = (np.median(another_draw(warmup), axis=0)[0] for warmup in (0, 100))
    for soft in (inaccurate, accurate):
        assert 2 * warm < soft < 1.6 * plain
    assert stiff > 3 * max(inaccurate, accurate)
    assert good[3] > 1.4 * good[1]


def test_O_the_gradient_grows_at_once_and_the_stiff_scale_does_not_follow():
    nb = notebook("06_warmup")
    for grown, followed, step in [*nb.first, nb.first_updates(ANOTHER_DRAW, nb.COUNTS)]:
        assert np.all(grown[[0, 3], 1] > 1.1)
        assert np.all(grown[3, 1] > 1.35 * followed[3, 1])
        assert np.all(grown[3, 2] > 1.35 * grown[0, 2])
        assert step[0, :2] == pytest.approx([1, 0.7], abs=0.02)
        assert step[3, 1] > 1.7
        assert np.all(np.diff(step[1:, 1]) > 0)  # the more it counts, the longer the second step


def test_O_a_scale_that_counts_nothing_is_that_of_adam():
    """The counting that `measured` carries on is right: a memory of no weight changes nothing."""
    nb = notebook("06_warmup")
    plain, draw = nb.optimizers.adam(nb.rate(peak=nb.RATES[:1])), nb.DRAWS[0]
    rows = nb.islice(nb.updates(nb.training(draw[1]), nb.starts(draw[0], 1), plain, 400), 4)
    size = np.array([np.median(nb.step_size(row)) for row in rows])
    assert nb.first[0][2][0] == pytest.approx(size)


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
    cold, warm = (
        np.median(nb.loss[name][0], axis=0) for name in ("stiff σ", "stiff σ, warmup 100")
    )
    assert cold[:2] == pytest.approx([np.log(10), 0.089], rel=0.05)
    assert warm[:2] == pytest.approx([0.17, 0.047], rel=0.05)


def test_O_at_a_large_rate_shorter_first_steps_go_with_a_lower_loss():
    large, _, small = notebook("06_warmup").rank.values()
    assert large == pytest.approx(0.95, abs=0.01)
    assert abs(small) < 0.4


def test_O_so_they_do_in_another_draw():
    nb = notebook("06_warmup")
    peak = nb.RATES[:1]
    rules = [
        nb.optimizers.adam(nb.rate(20, peak)),
        nb.optimizers.adam(nb.rate(peak=peak), corrected=False),
        nb.optimizers.radam(nb.rate(peak=peak)),
    ]
    trained = [nb.train(rule, nb.DRAWS[1], 1) for rule in rules]
    final, early = np.median(np.array(trained)[..., 0], axis=2).T
    for name in ("no warmup", "warmup 100"):
        final = np.append(final, np.median(nb.loss[name][1][:, 0]))
        early = np.append(early, np.median(nb.early[name][1][:, 0]))
    assert nb.spearmanr(early, final).statistic > 0.85


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
        assert np.all(before["WSD"] > before[other] - 1e-3)
        assert before["WSD"][1] > before[other][1] + 0.03
        assert 0.306 < end[other].min() < 0.318
        assert np.sum(losses["WSD"][-1] < losses[other][-1], axis=0)[0] == 10


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
    assert valley(0.2, "1/√(t+1)") == (0, pytest.approx(0.40, abs=0.01))


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


def test_adam_arrives_with_a_short_memory_of_direction_and_a_long_one_of_size():
    quarter = notebook("05_adam").quarter
    good = quarter[("short", "long")]
    assert good < 1e-12
    assert sorted(quarter.values())[1] > 1e-4


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
