/**
 * Where the draws of trials begin that are measured on: each of these has 100,000 draws to itself, behaviour all that follow, and
 * none meets the trials that are shown, which count from 0.
 */
export const drawsApart = 100_000;
export const firstDraw = {
  study: drawsApart,
  lesions: 2 * drawsApart,
  survival: 3 * drawsApart,
  behaviour: 4 * drawsApart,
};
