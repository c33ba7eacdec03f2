using Confluent.Kafka;
using MLBuild.Sources.Kafka;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>Clusters that are not there, refuse, or have something else: each fault with its type and its words.
/// </summary>
public sealed class MeetingFaults : IDisposable
{
    private const string Password = "hunter2-hunter2";
    // Seconds, in which even a busy machine has met the fault that is waited for.
    private const int Patience = 4;
    private const short Fetch = 1;
    private const short ListOffsets = 2;
    private const short FindCoordinator = 10;

    private static readonly KafkaTopic Trips = new("trips");

    private readonly MockCluster _cluster = new MockCluster().WithTopic("trips").With("trips", 0, """{"a":1}""");
    private readonly FetchSpace _space;

    public MeetingFaults() => _space = new() { Server = _cluster.Server };

    [Fact]
    public void NobodyListens()
    {
        var server = new KafkaServer(StubBroker.Nobody) { TimeoutSeconds = Patience };
        Assert.Equal($"Kafka at {server.BootstrapServers} gave no answer within {Patience} s: Connect to " +
            $"ipv4#{server.BootstrapServers} failed: Connection refused. Check that it runs and listens there, and " +
            "that Security is what it expects.", Fault<UnreachableSourceException>(server));
    }

    [Fact]
    public void ServerIsSilent()
    {
        using var broker = StubBroker.Silent();
        var server = new KafkaServer(broker.Server) { TimeoutSeconds = 1 };
        Assert.StartsWith($"Kafka at {broker.Server} gave no answer within 1 s",
            Fault<UnreachableSourceException>(server));
    }

    [Fact]
    public void HostHasNoAddress()
    {
        var message = Fault<UnreachableSourceException>(new("kafka.invalid:9092") { TimeoutSeconds = Patience });
        Assert.StartsWith("Kafka at kafka.invalid:9092 cannot be found: Failed to resolve 'kafka.invalid:9092': ",
            message);
        Assert.EndsWith(". Check the host names of BootstrapServers, and those that the brokers advertise.", message);
    }

    [Fact]
    public void CertificateIsNotTrusted()
    {
        using var broker = StubBroker.Untrusted();
        var server = new KafkaServer(broker.Server) { Security = new KafkaSecurity.Tls() };
        Assert.Equal($"Kafka at {broker.Server} cannot be trusted: SSL handshake failed: error:0A000086:SSL " +
            "routines::certificate verify failed: broker certificate could not be verified, verify that " +
            "ssl.ca.location is correctly configured or root CA certificates are installed (install ca-certificates " +
            "package). Give CaFile the certificates of who signed the broker's, and use the name that its " +
            "certificate has.", Fault<UnreachableSourceException>(server));
    }

    // What the client says of these depends on which side hangs up first.
    [Fact]
    public void ServerSpeaksTlsAndTheClientDoesNot()
    {
        using var broker = StubBroker.Untrusted();
        Assert.Matches(@"^Kafka at \S+ gave no answer within 1 s.*\. Check that it runs and listens there, and that " +
            @"Security is what it expects\.$",
            Fault<UnreachableSourceException>(new(broker.Server) { TimeoutSeconds = 1 }));
    }

    [Fact]
    public void ClientSpeaksTlsAndTheServerDoesNot() => Assert.Matches(
        @"^Kafka at \S+ gave no answer within 1 s.*\. Check that it runs and listens there, and that Security is " +
        @"what it expects\.$", Fault<UnreachableSourceException>(
            _cluster.Server with { TimeoutSeconds = 1, Security = new KafkaSecurity.Tls() }));

    [Fact]
    public void CertificatesAreNotThere() => Assert.Equal(
        "CaFile is 'missing.pem', expected a file with certificates in PEM.",
        Assert.Throws<ArgumentException>(() => KafkaSlices.List(
            new("localhost:9092") { Security = new KafkaSecurity.Tls("missing.pem") }, Trips)).Message);

    [Fact]
    public void CertificatesCannotBeRead()
    {
        var file = Path.GetTempFileName();
        var message = Assert.Throws<ArgumentException>(() => KafkaSlices.List(
            new("localhost:9092") { Security = new KafkaSecurity.Tls(file) }, Trips)).Message;
        File.Delete(file);
        Assert.StartsWith("Security of Kafka at localhost:9092 cannot be used: ssl.ca.location failed: ", message);
    }

    [Theory]
    [InlineData(KafkaMechanism.Plain)]
    [InlineData(KafkaMechanism.ScramSha256)]
    public void PasswordIsWrong(KafkaMechanism mechanism)
    {
        using var broker = StubBroker.Refusing($"no such user, or not {Password}");
        Assert.Equal($"Kafka at {broker.Server} refuses user 'ann' with {mechanism}: SASL authentication error: no " +
            "such user, or not ***. Check the user, the mechanism and the secret 'KAFKA_PASSWORD'.",
            Fault<DeniedSourceException>(WithUser(broker.Server, mechanism), Password));
    }

    [Fact]
    public void MechanismIsNotOffered()
    {
        using var broker = StubBroker.Refusing("");
        Assert.Equal($"Kafka at {broker.Server} refuses user 'ann' with ScramSha512: SASL SCRAM-SHA-512 mechanism " +
            "handshake failed: Broker: Unsupported SASL mechanism: broker's supported mechanisms: " +
            "PLAIN,SCRAM-SHA-256. Check the user, the mechanism and the secret 'KAFKA_PASSWORD'.",
            Fault<DeniedSourceException>(WithUser(broker.Server, KafkaMechanism.ScramSha512), Password));
    }

    [Fact]
    public void PasswordIsMissing() => Assert.Equal("User 'ann' of Kafka at localhost:9092 needs a password, but the " +
        "secret 'KAFKA_PASSWORD' has no value. Set what the build takes it from.",
        Fault<DeniedSourceException>(WithUser("localhost:9092", KafkaMechanism.Plain)));

    [Fact]
    public void TopicIsUnknown() => Assert.Equal($"Kafka at {_cluster.Servers} has no topic 'Trips', or not all the " +
        "partitions that it had, or hides it from a client without user. Check the name, its case and the cluster.",
        Fault<SourceSchemaException>(_cluster.Server, topic: new("Trips")));

    // The other server of the list would have been said to be the fault.
    [Fact]
    public void WhatEndsTheWorkIsTheFaultAndNotWhatPassed()
    {
        var server = _cluster.Server with { BootstrapServers = $"kafka.invalid:1,{_cluster.Servers}" };
        Assert.StartsWith($"Kafka at {server.BootstrapServers} has no topic 'Trips', ",
            Fault<SourceSchemaException>(server, topic: new("Trips")));
        var errors = new KafkaErrors(server, "trips", password: null);
        errors.Add(new Error(ErrorCode.Local_Resolve, "Failed to resolve 'kafka.invalid:1'"));
        Assert.IsType<LostSourceDataException>(errors.Fault(new(ErrorCode.OffsetOutOfRange)));
        errors.Add(new Error(ErrorCode.Local_BadMsg, "Invalid response size 30"));
        Assert.IsType<SourceSchemaException>(errors.Fault(new(ErrorCode.Local_BadMsg, "Bad message format")));
    }

    [Fact]
    public void WhatMayComeOfAConnectionsTroubleIsSaidByIt()
    {
        var errors = new KafkaErrors(_cluster.Server, "trips", password: null);
        errors.Add(new Error(ErrorCode.Local_Resolve, "Failed to resolve 'kafka.invalid:1'"));
        Assert.StartsWith($"Kafka at {_cluster.Servers} cannot be found: ",
            errors.Fault(new(ErrorCode.Local_TimedOut)).Message);
    }

    [Fact]
    public void PartitionIsUnknown() => Assert.Equal("Starts names partition 7 at 0 of topic 'trips', which has " +
        "partitions 0 to 0. Leave out what is not there.",
        Fault<SourceSchemaException>(_cluster.Server, topic: Trips with { Starts = [new(7, 0)] }));

    [Fact]
    public void TopicMayNotBeListed()
    {
        _cluster.Refuse(ListOffsets, ErrorCode.TopicAuthorizationFailed);
        Assert.Equal($"Kafka at {_cluster.Servers} does not let a client without user read topic 'trips': Broker: " +
            "Topic authorization failed. Ask its owner for the rights Read and Describe on the topic.",
            Fault<DeniedSourceException>(_cluster.Server));
    }

    [Fact]
    public async Task TopicMayNotBeRead()
    {
        _cluster.Refuse(Fetch, ErrorCode.TopicAuthorizationFailed);
        Assert.Equal($"Kafka at {_cluster.Servers} does not let a client without user read topic 'trips': Fetch from " +
            "broker 1 failed: Broker: Topic authorization failed. Ask its owner for the rights Read and Describe on " +
            "the topic.", await _space.Failure());
        Assert.IsType<DeniedSourceException>(_space.Fault);
    }

    [Fact]
    public async Task GroupIsNeverAskedFor()
    {
        _cluster.Refuse(FindCoordinator, ErrorCode.GroupAuthorizationFailed);
        await _space.Done();
        Assert.Equal("1", _space.Count);
    }

    [Fact]
    public async Task EventsExpireWhileTheyAreRead()
    {
        _cluster.Refuse(Fetch, ErrorCode.OffsetOutOfRange);
        Assert.Equal("Events of topic 'trips' expired while they were read: fetch failed due to requested offset not " +
            "available on the broker: Broker: Offset out of range (broker 1). Fetch more often than the topic " +
            "forgets, or read from a later offset.", await _space.Failure());
        Assert.IsType<LostSourceDataException>(_space.Fault);
    }

    [Fact]
    public async Task TopicEndsBeforeItsSlice()
    {
        var slice = KafkaSlices.List(_cluster.Server, Trips)[0];
        _space.Slices = () => [slice with { End = 7 }];
        Assert.Equal("Topic 'trips' partition 0 ends at offset 1, but had events up to 6: it was truncated or made " +
            "anew. If it was made anew, run the same command again.", await _space.Failure());
        Assert.IsType<LostSourceDataException>(_space.Fault);
    }

    [Fact]
    public async Task EventsAreDamaged()
    {
        _cluster.WithMarker("trips", 0, damaged: true);
        var message = await _space.Failure();
        Assert.StartsWith(
            $"Kafka at {_cluster.Servers} sends damaged events of topic 'trips': MessageSet at offset 1 (", message);
        Assert.EndsWith(". Restore them from another replica, or read from a later offset.", message);
        Assert.IsType<LostSourceDataException>(_space.Fault);
    }

    [Fact]
    public async Task MessageIsLargerThanDeclared()
    {
        _cluster.With("trips", 0, $$"""{"a":"{{new string('x', 3_000_000)}}"}""");
        _space.Server = _cluster.Server with { MaxMessageBytes = 1_000_000 };
        var message = await _space.Failure();
        Assert.StartsWith($"Kafka at {_cluster.Servers} sends more of topic 'trips' at once than MaxMessageBytes = " +
            "1000000: Receive failed: Invalid response size 30", message);
        Assert.EndsWith(" (0..1065536): increase receive.message.max.bytes. Raise it to what the topic calls " +
            "max.message.bytes.", message);
        Assert.IsType<SourceSchemaException>(_space.Fault);
        _space.Server = _cluster.Server with { MaxMessageBytes = 4_000_000 };
        await _space.Done();
        Assert.Equal("2", _space.Count);
    }

    [Fact]
    public async Task BrokersThatGoDownAreNoticed()
    {
        _space.Server = _cluster.Server with { TimeoutSeconds = 1 };
        var slices = KafkaSlices.List(_cluster.Server, Trips);
        _cluster.GoDown();
        _space.Slices = () => slices;
        Assert.StartsWith($"Kafka at {_cluster.Servers} gave no answer within 1 s", await _space.Failure());
        Assert.IsType<UnreachableSourceException>(_space.Fault);
    }

    [Fact]
    public async Task ConnectionsThatBreakWhileReadingAreNoticed()
    {
        _space.Server = _cluster.Server with { TimeoutSeconds = 1 };
        _cluster.Refuse(Fetch, ErrorCode.Local_Transport);
        Assert.StartsWith($"Kafka at {_cluster.Servers} gave no answer within 1 s", await _space.Failure());
        Assert.IsType<UnreachableSourceException>(_space.Fault);
    }

    [Fact]
    public async Task PassingTroubleIsWaitedFor()
    {
        _cluster.Refuse(Fetch, ErrorCode.NotLeaderForPartition, times: 2);
        await _space.Done();
        Assert.Equal("1", _space.Count);
    }

    [Fact]
    public async Task NothingOnDiskOrOnTheConsoleHasThePassword()
    {
        using var broker = StubBroker.Refusing($"no such user, or not {Password}");
        var slice = KafkaSlices.List(_cluster.Server, Trips)[0];
        _space.Password = Password;
        _space.Server = WithUser(broker.Server, KafkaMechanism.Plain);
        _space.Slices = () => [slice];
        var message = await _space.Failure();
        Assert.IsType<DeniedSourceException>(_space.Fault);
        Assert.Contains("no such user, or not ***", message);
        Assert.DoesNotContain(_space.Files,
            file => File.ReadAllText(file).Contains(Password, StringComparison.Ordinal));
        Assert.NotEmpty(_space.Files);
        Assert.DoesNotContain(_space.Log, line => line.Contains(Password, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _space.Dispose();
        _cluster.Dispose();
    }

    private static KafkaServer WithUser(string server, KafkaMechanism mechanism) => new(server)
    {
        Security = new KafkaSecurity.Sasl(mechanism, "ann", "KAFKA_PASSWORD") { Encryption = null },
    };

    private static string Fault<T>(KafkaServer server, string? password = null, KafkaTopic? topic = null)
        where T : SourceFaultException =>
        Assert.Throws<T>(() => KafkaSlices.List(server, topic ?? Trips, password)).Message;
}
