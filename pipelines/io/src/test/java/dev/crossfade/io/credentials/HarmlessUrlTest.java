package dev.crossfade.io.credentials;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HarmlessUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db:5432/store",
        "jdbc:postgresql:store",
        "jdbc:postgresql://a:1,b:2/my%20store",
        "jdbc:postgresql://[::1]:5432/store?sslmode=verify-full&sslRootCert=/etc/ca.pem",
        "jdbc:postgresql://db/store?user=me&ApplicationName=x",
        "jdbc:sqlserver://db:1433;encrypt=true;databaseName=store;",
        "jdbc:oracle:thin:@//db:1521/store",
        "jdbc:oracle:thin:@db:1521:store"
      })
  void whatIsKnownMayBeShown(String url) {
    assertThat(HarmlessUrl.isHarmless(url), is(true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "jdbc:postgresql://u:hunter2@db/store",
        "jdbc:postgresql://db/store?user=me&password=hunter2",
        "jdbc:postgresql://db/store?sslmode=require&PassWord=hunter2",
        "jdbc:postgresql://db/store?sslpassword=hunter2",
        "jdbc:postgresql://db/store?unheardOf=hunter2",
        "jdbc:postgresql://db/store?hunter2",
        "jdbc:postgresql://db/store?sslmode=require;password=hunter2",
        "jdbc:postgresql://db/store?sslmode=a?password=hunter2",
        "jdbc:sqlserver://db;user=u;password=hunter2",
        "jdbc:oracle:thin:scott/hunter2@//db:1521/store",
        "jdbc:db2://db:50000/store:user=u;password=hunter2;",
        "jdbc:mysql://(host=db,password=hunter2)/store",
        "jdbc:mysql://address=(host=db)(password=hunter2)/store",
        "jdbc:postgresql://db/store#hunter2",
        "jdbc:postgresql://db/store?options=-c%20x=hunter2"
      })
  void whatIsNotKnownIsTakenToHoldCredentials(String url) {
    assertThat(HarmlessUrl.isHarmless(url), is(false));
  }
}
