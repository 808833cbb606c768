import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalCloud.class)
class UploadTest {
    private static final String CALLER = "{\"sub\":\"alice\",\"claims\":{\"plan\":\"pro\"}}";

    @Test
    void anUploadIsProven() throws Exception {
        String token = text(post("/local/token", "none", CALLER), "token");
        String signed = post("/signed-url", "Bearer " + token, """
                {"rule": "documents", "operation": "put", "filename": "a.pdf",
                 "contentType": "application/pdf", "contentLength": 5}""");
        HttpRequest.Builder put = HttpRequest.newBuilder(URI.create(text(signed, "url")))
                .PUT(BodyPublishers.ofString("hello"));
        for (String name : new String[] {"content-type", "x-oss-object-acl", "x-oss-storage-class"}) {
            put.header(name, text(signed, name));
        }
        assertEquals("documents/alice/a.pdf", text(send(put), "key"));
    }

    private static String post(String path, String authorization, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(LocalCloud.get("gateway") + path))
                .header("authorization", authorization).POST(BodyPublishers.ofString(body)));
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static String text(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        assertTrue(matcher.find(), name);
        return matcher.group(1);
    }
}
