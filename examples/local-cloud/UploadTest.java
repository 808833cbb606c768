import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalCloud.class)
class UploadTest {
    private static HttpResponse<String> post(String path, String authorization, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(LocalCloud.get("gateway") + path))
                .header("authorization", authorization).POST(BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Test
    void anUploadIsSigned() throws Exception {
        String caller = "{\"sub\":\"alice\",\"claims\":{\"plan\":\"pro\"}}";
        String token = post("/local/token", "none", caller).body().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
        HttpResponse<String> answer = post("/signed-url", "Bearer " + token, """
                {"rule": "documents", "operation": "put", "filename": "a.pdf",
                 "contentType": "application/pdf", "contentLength": 5}""");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("\"key\":\"documents/alice/a.pdf\""));
    }
}
