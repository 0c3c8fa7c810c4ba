import type { ExperimentDocument, Schema } from "nullcline";
import { withField } from "../../document/document";
import { isObject, type JsonObject } from "../../json";
import { chosenType, controlOf, fieldsOf, type Field } from "../../document/schema";

/** Settings of a section that are often wanted together. */
export interface Preset {
  section: string;
  title: string;
  /** What is set; all else stays as it is. */
  fields: JsonObject;
  /** A field of the task without which this means nothing. */
  ofTask?: string;
}

const coherences = [0.7, 0.5, 0.3, 0.1];

export const presets: readonly Preset[] = [
  {
    section: "task",
    title: "Four coherences: 0.1, 0.3, 0.5, 0.7",
    fields: { coherence: [0.1, 0.3, 0.5, 0.7] },
  },
  { section: "task", title: "No noise on the inputs", fields: { stim_noise: 0 } },
  {
    section: "network",
    title: "Dale’s law: 80 % excitatory, no autapses",
    fields: { dale_ratio: 0.8, autapses: false },
  },
  {
    section: "network",
    title: "Sparse: a fifth of the recurrent connections",
    fields: { rec_connectivity: { pattern: "random", density: 0.2 } },
  },
  { section: "training", title: "A quick look: 5,000 trials", fields: { training_iters: 5000 } },
  {
    section: "training",
    title: "Stop at 90 % correct",
    fields: { performance_measure: "accuracy", performance_cutoff: 0.9, performance_epoch: 10 },
  },
  {
    section: "curriculum",
    title: "Four stages of falling coherence",
    fields: { stages: coherences.map((coherence) => ({ task: { coherence } })) },
    ofTask: "coherence",
  },
];

/** The fields of the object that a section is, or can be. */
function fieldsOfSection(root: Schema, name: string, document: ExperimentDocument): Field[] {
  const schema = root.properties?.[name];
  if (!schema) return [];
  const control = controlOf(root, schema);
  if (control.kind === "type") {
    const choice = chosenType(control.choices, document[name]);
    return choice ? fieldsOf(root, choice.schema) : [];
  }
  const form =
    control.kind === "form"
      ? control.alternatives.find((alternative) => controlOf(root, alternative).kind === "object")
      : schema;
  return form ? fieldsOf(root, form) : [];
}

/** The presets that mean something in a section as it is. */
export function presetsFor(root: Schema, section: string, document: ExperimentDocument): Preset[] {
  const has = (fields: Field[], name: string) => fields.some((field) => field.name === name);
  const own = fieldsOfSection(root, section, document);
  const task = fieldsOfSection(root, "task", document);
  return presets.filter(
    (preset) =>
      preset.section === section &&
      Object.keys(preset.fields).every((name) => has(own, name)) &&
      (preset.ofTask === undefined || has(task, preset.ofTask)),
  );
}

/** The document with a preset in force. */
export function withPreset(root: Schema, document: ExperimentDocument, preset: Preset): ExperimentDocument {
  const schema = root.properties?.[preset.section];
  if (!schema) return document;
  const now = document[preset.section];
  let value = isObject(now) ? now : {};
  for (const field of fieldsOfSection(root, preset.section, document))
    if (field.name in preset.fields) value = withField(root, field, value, preset.fields[field.name]);
  return withField(root, sectionField(root, preset.section, schema), document, value);
}

/** The document with a section as the engine's defaults have it; its type stays. */
export function withDefaults(
  root: Schema,
  document: ExperimentDocument,
  section: string,
): ExperimentDocument {
  const schema = root.properties?.[section];
  if (!schema) return document;
  const field = sectionField(root, section, schema);
  const now = document[section];
  if (!isObject(now) || now.type === undefined) return withField(root, field, document, undefined);
  // What has no default must be said and stays, as the file of own trials.
  const required = fieldsOfSection(root, section, document).filter((one) => one.required && one.name in now);
  const kept = Object.fromEntries(required.map(({ name }) => [name, now[name] ?? null]));
  return withField(root, field, document, { type: now.type, ...kept });
}

function sectionField(root: Schema, name: string, schema: Schema): Field {
  return { name, schema, required: root.required?.includes(name) ?? false, advanced: false };
}
