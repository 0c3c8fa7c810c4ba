/** So many numbers are drawn in one go, which takes a few milliseconds. */
const inOneGo = 50_000;

/** Independent standard normals, the same ones for the same seed. Other tasks have their turn while many are drawn. */
export async function standardNormals(count: number, seed: number): Promise<Float32Array> {
  const values = new Float32Array(count);
  const random = uniform(seed);
  for (let index = 0; index < count; index += 2) {
    if (index > 0 && index % inOneGo === 0) await new Promise((resolve) => setTimeout(resolve));
    // Box and Muller; 1 − u is never 0.
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    values[index] = radius * Math.cos(angle);
    if (index + 1 < count) values[index + 1] = radius * Math.sin(angle);
  }
  return values;
}

/** Numbers in [0, 1): the generator sfc32, whose seed and counter make each seed a sequence of its own. */
function uniform(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  // What the seed began with is forgotten.
  for (let step = 0; step < 20; step++) next();
  return next;
}
