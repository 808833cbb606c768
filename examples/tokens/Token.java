import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Token {
    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Mints a token of 15 minutes for this user; write the payload with your JSON library. */
    static String mint(String sub, String plan) throws Exception {
        String name = "[\\w.@-]+"; // JSON by hand has no escapes
        if (!sub.matches(name) || !plan.matches(name)) throw new IllegalArgumentException("sub or plan");
        long now = Instant.now().getEpochSecond();
        String payload = """
                {"plan": "%s", "iss": "%s", "aud": "%s", "sub": "%s", "iat": %d, "exp": %d, "jti": "%s"}"""
                .formatted(plan, System.getenv("AUTH_ISSUER"), System.getenv("AUTH_AUDIENCE"), sub,
                        now, now + 900, UUID.randomUUID());
        String text = encode(bytes("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")) + "." + encode(bytes(payload));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(bytes(System.getenv("AUTH_SECRET")), "HmacSHA256"));
        return text + "." + encode(mac.doFinal(bytes(text)));
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println(mint(arguments[0], "pro"));
    }
}
