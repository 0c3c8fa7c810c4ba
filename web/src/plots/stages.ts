import type { MetricPoint } from "nullcline";

/** A stretch of the run in which a stage of the curriculum was trained. */
export interface StageSpan {
  stage: number;
  /** Iterations. */
  from: number;
  to: number;
}

/**
 * The stretches of the stages that were reached, in order: each ends with the measurement that passed it. The stage at
 * hand goes on to `end`.
 */
export function stageSpans(metrics: MetricPoint[], stage: number, stages: number, end: number): StageSpan[] {
  const passedAt = new Map<number, number>();
  for (const point of metrics) if (point.stage < stage) passedAt.set(point.stage, point.iteration);
  const spans: StageSpan[] = [];
  let from = 0;
  for (let at = 0; at <= Math.min(stage, stages - 1); at++) {
    const to = at < stage ? (passedAt.get(at) ?? from) : end;
    spans.push({ stage: at, from, to });
    from = to;
  }
  return spans;
}

/** Of a curriculum that is at its end. */
export function passedText(stages: number): string {
  return stages === 1 ? "the only stage passed" : `all ${stages} stages passed`;
}
