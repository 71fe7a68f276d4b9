/** A PNG of one grey pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

/** A photo that a customer sent, as Letta stores it. */
export const LABEL = {
  type: 'letta',
  file_id: 'file-parcel-label',
  media_type: 'image/png',
  data: PIXEL,
  detail: 'low',
};

/** A picture that a tool returned. */
export const CHART = { type: 'base64', media_type: 'image/png', data: PIXEL, detail: null };
