package dev.crossfade.launcher.lanes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowCatalogTest {
  @Test
  void findsFlowsThatAreRegistered() {
    assertThat(FlowCatalog.load().find("payments"), is(instanceOf(PaymentsFlow.class)));
  }

  @Test
  void saysWhereAFlowIsRegisteredIfThereIsNone() {
    VerbException e =
        assertThrows(VerbException.class, () -> new FlowCatalog(List.of()).find("payments"));

    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(
        e.getMessage(),
        is(
            "there is no flow 'payments' on the class path; there are []. A flow is registered in"
                + " META-INF/services/dev.crossfade.transforms.Flow"));
  }

  @Test
  void namesTheKnownFlowsWhereOneIsUnknown() {
    FlowCatalog catalog = new FlowCatalog(List.of(new PaymentsFlow(), new RefundsFlow("refunds")));

    VerbException e = assertThrows(VerbException.class, () -> catalog.find("payment"));

    assertThat(e.getMessage(), containsString("no flow 'payment'"));
    assertThat(e.getMessage(), containsString("there are [payments, refunds]"));
  }

  @Test
  void namesBothFlowsOfOneName() {
    FlowCatalog catalog = new FlowCatalog(List.of(new PaymentsFlow(), new RefundsFlow("payments")));

    VerbException e = assertThrows(VerbException.class, () -> catalog.find("payments"));

    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(e.getMessage(), containsString(PaymentsFlow.class.getName()));
    assertThat(e.getMessage(), containsString(RefundsFlow.class.getName()));
  }

  private record RefundsFlow(String name) implements Flow<PaymentsFlow.Payment> {
    @Override
    public Class<PaymentsFlow.Payment> eventType() {
      return PaymentsFlow.Payment.class;
    }

    @Override
    public Aggregation<PaymentsFlow.Payment> define(FlowContext context) {
      throw new AssertionError("nobody asked for it");
    }
  }
}
