package io.rookery.router.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.cluster.Partitions;
import io.rookery.router.session.Given;
import io.rookery.router.shard.Tenure.State;
import org.junit.jupiter.api.Test;

class TenureTest {
  private final Tenure tenure = new Tenure();
  private final int partition = Partitions.of(Given.JULIET);

  @Test
  void aTermBeginsWhenAPartitionBecomesOurs() {
    tenure.set(partition, State.COMING);
    assertEquals(0, tenure.term(Given.JULIET));
    tenure.set(partition, State.OURS);
    tenure.set(partition, State.OURS);
    assertEquals(1, tenure.term(Given.JULIET));
    tenure.set(partition, State.LEAVING);
    assertEquals(1, tenure.term(Given.JULIET), "it lasts until the next begins");
    tenure.set(partition, State.FOREIGN);
    tenure.set(partition, State.OURS);
    assertEquals(2, tenure.term(Given.JULIET));
    tenure.set(partition, State.SUSPENDED);
    tenure.set(partition, State.OURS);
    assertEquals(3, tenure.term(Given.JULIET));
  }
}
