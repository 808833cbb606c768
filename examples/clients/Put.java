import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Puts a PDF: BASE_URL=… TOKEN=… java Put.java report.pdf */
class Put {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static void main(String[] arguments) throws Exception {
        String base = System.getenv("BASE_URL");
        String token = System.getenv("TOKEN");
        Path path = Path.of(arguments[0]);

        String request = """
                {"rule": "documents", "operation": "put", "filename": "%s",
                 "contentType": "application/pdf", "contentLength": %d}"""
                .formatted(path.getFileName(), Files.size(path));
        Map<String, String> headers = Map.of("authorization", "Bearer " + token);
        String signed = send("POST", base + "/signed-url", headers, BodyPublishers.ofString(request)).body();
        HttpResponse<String> answer = send(text(signed, "method"), text(signed, "url"),
                members(signed, "headers"), BodyPublishers.ofFile(path));
        System.out.println((answer.statusCode() == 200 ? "proven: " : "stored, not proven: ") + answer.body());
    }

    private static HttpResponse<String> send(
            String method, String url, Map<String, String> headers, BodyPublisher body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).method(method, body);
        // The client sends the file's own length and lets nobody set it.
        headers.forEach((name, value) -> {
            if (!name.equals("content-length")) request.header(name, value);
        });
        HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) throw new IOException(answer.statusCode() + " " + answer.body());
        return answer;
    }

    // Java has no JSON of its own: use your library (Jackson, Gson) in place of these two, and for `request`.
    private static String text(String json, String name) {
        return members(json, name).get(name);
    }

    private static Map<String, String> members(String json, String name) {
        Map<String, String> found = new LinkedHashMap<>();
        String rest = json.substring(json.indexOf("\"" + name + "\":"));
        boolean isObject = rest.startsWith("{", name.length() + 3);
        var matcher = Pattern.compile("\"([^\"]+)\":\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"")
                .matcher(isObject ? rest.substring(0, rest.indexOf('}')) : rest);
        while (matcher.find()) found.putIfAbsent(matcher.group(1), matcher.group(2).replaceAll("\\\\(.)", "$1"));
        return found;
    }
}
