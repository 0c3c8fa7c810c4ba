import type { Constraints, Matrix, VariableConstraint, Weights, WeightKind } from "nullcline";
import { asRow } from "../../plots/ends";
import { arrangementOf, type WeightData, type WeightsShown } from "../../plots/weight-map";
import type { Lab } from "../../state/lab.svelte";
import { latest } from "../../state/latest";
import { variableNames } from "./names";

/** The network's matrices as the view of weights shows them: which one, of which kind, before or now. */
export class Matrices {
  wanted = $state("W_rec");
  wantedKind = $state<WeightKind>("effective");
  view = $state<WeightsShown>("now");
  constraints = $state.raw<Constraints>({});
  rawNow = $state.raw<Weights | null>(null);
  /** The weights before that an edit has left behind: "before" is then before that edit. */
  beforeEdit = $state.raw<Weights | null>(null);

  readonly names = $derived.by(() => variableNames(this.#lab.weightsNow ?? {}));
  readonly name = $derived.by(() => (this.names.includes(this.wanted) ? this.wanted : (this.names[0] ?? "")));
  /** Masks and signs make something else of what training changes; without them there is one kind of weight. */
  readonly hasKinds = $derived.by(() =>
    Object.values(this.constraints).some(
      ({ connectivity, signs }) => connectivity !== null || signs !== null,
    ),
  );
  readonly kind = $derived.by((): WeightKind => (this.hasKinds ? this.wantedKind : "effective"));
  readonly constraint = $derived.by((): VariableConstraint | null => this.constraints[this.name] ?? null);
  readonly unitSigns = $derived.by((): Float32Array | null => this.constraints.W_rec?.signs ?? null);
  readonly since = $derived.by((): "training" | "the edit" =>
    this.beforeEdit !== null && this.beforeEdit === this.#lab.weightsBefore ? "the edit" : "training",
  );
  /** What is drawn; null while it is not there yet. */
  readonly data = $derived.by((): WeightData | null => {
    const { name, view, constraint, unitSigns } = this;
    const [before, now] = [this.#of(this.kind, "before"), this.#of(this.kind, "now")];
    if (!before || !now) return null;
    if (before.data.length !== now.data.length) return null;
    return {
      name,
      before,
      now,
      view,
      raw: this.kind === "raw",
      since: this.since,
      constraint,
      unitSigns,
    };
  });
  readonly arrangement = $derived.by(
    () => this.data && arrangementOf(this.name, this.data.now, this.unitSigns),
  );

  readonly #lab: Lab;
  readonly refreshConstraints = latest(async () => {
    this.constraints = (await this.#lab.constraints()) ?? {};
  });
  readonly refreshRaw = latest(async () => {
    const raw = await this.#lab.ask((session) => session.weights("raw"));
    if (raw) this.rawNow = raw;
  });

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  #of(kind: WeightKind, time: "before" | "now"): Matrix | null {
    const lab = this.#lab;
    const weights =
      kind === "raw"
        ? time === "now"
          ? this.rawNow
          : lab.rawBefore
        : time === "now"
          ? lab.weightsNow
          : lab.weightsBefore;
    const matrix = weights?.[this.name];
    return matrix ? asRow(matrix) : null;
  }
}
