/** The name of the credential type, by which the nodes ask for the credential. */
export const CREDENTIAL = 'mindPeekerApi';
