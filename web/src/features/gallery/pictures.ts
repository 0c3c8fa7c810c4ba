import found from "./pictures.json";
import type { Picture } from "./picture";

export { default as GalleryPicture } from "./GalleryPicture.svelte";

/** The examples' pictures by their ids. */
export const pictures: { [id: string]: Picture } = found;
