/** The key of a certificate that was made for these tests: self-signed, for localhost, valid until 2126. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg51ODTCtmk2MSrZFz
ZrkzUZ8MlrcFh/G0sLuiuC80L5ahRANCAAR7g40Wr/cM/BdS8A8VfODJvvAlHlnC
rbrN/lybTW5PKt/zggcRQc+Y4qJaKQY5iPa1vJt+hy+Zgqrviq5x7bP6
-----END PRIVATE KEY-----`
/** That certificate. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUWG03aBA2Fc02UEWWkeINWZMxy5MwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjEzNTk1MFoYDzIxMjYxMDI5
MTM1OTUwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR7g40Wr/cM/BdS8A8VfODJvvAlHlnCrbrN/lybTW5PKt/zggcRQc+Y
4qJaKQY5iPa1vJt+hy+Zgqrviq5x7bP6o2kwZzAdBgNVHQ4EFgQU9ReqMPdj/j0n
PbKgUVfmou6yZYwwHwYDVR0jBBgwFoAU9ReqMPdj/j0nPbKgUVfmou6yZYwwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhANrXTnvkXRRVxR7O5kU8+ui58/K0g2v9wyBxheP+V5NlAiEAiuUhxgW9
n8jxSaMmf7pGTuWqtoSsZ/aOxlyYWLRfAMg=
-----END CERTIFICATE-----`
