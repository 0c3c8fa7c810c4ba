import type { Lesion } from "nullcline";
import type { Rates } from "../../plots/activity";

/**
 * Rates as the network receives them: 0 from units that a lesion silences, as long as it does. The engine's own are those
 * of the units themselves, whose states go on in silence.
 */
export function received<Run extends Rates>(run: Run, lesion: Lesion | null, dt: number): Run {
  const { units = [], window } = lesion ?? {};
  if (units.length === 0) return run;
  const { N_steps, N_rec } = run;
  const rates = run.rates.slice();
  for (let index = 0; index < rates.length / N_rec; index++) {
    // Trial after trial.
    const time = (index % N_steps) * dt;
    if (window && !(window[0] <= time && time < window[1])) continue;
    for (const unit of units) rates[index * N_rec + unit] = 0;
  }
  return { ...run, rates };
}
