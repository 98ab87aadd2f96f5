import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The address behind 引越れんらく帳へ戻る on your done page. Java 17 or newer. */
public class WayBack {
    /** back: as it came from the portal; secret: agreed with it; number: your receipt number; at: now, in seconds. */
    public static String wayBack(String back, String secret, String number, long at) throws Exception {
        String ticket = URI.create(back).getPath().replaceAll(".*/", "");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        byte[] signature = mac.doFinal((ticket + "\n" + number + "\n" + at).getBytes(UTF_8));
        return back + "?number=" + URLEncoder.encode(number, UTF_8) + "&at=" + at
            + "&signature=" + HexFormat.of().formatHex(signature);
    }

    public static void main(String[] given) throws Exception {
        System.out.println(wayBack(given[0], given[1], given[2], Long.parseLong(given[3])));
    }
}
