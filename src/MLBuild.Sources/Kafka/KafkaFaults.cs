using System.Globalization;
using Confluent.Kafka;

namespace MLBuild.Sources.Kafka;

/// <summary>What an error of the Kafka client means for whoever has to mend it.</summary>
internal static class KafkaFaults
{
    /// <summary>Those that trying again does not mend.</summary>
    public static bool IsHopeless(ErrorCode code) => Weight(code) >= Weight(ErrorCode.Local_Ssl);

    /// <summary>Those of a connection that is lost and made again, of a leader that is being chosen.</summary>
    public static bool IsPassing(ErrorCode code) => code is ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown
        or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve or ErrorCode.LeaderNotAvailable
        or ErrorCode.NotLeaderForPartition or ErrorCode.BrokerNotAvailable or ErrorCode.ReplicaNotAvailable
        or ErrorCode.NetworkException or ErrorCode.RequestTimedOut or ErrorCode.KafkaStorageError
        or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or ErrorCode.OffsetNotAvailable;

    /// <summary>What a slice needs and the partition no longer has; null where it has all.</summary>
    /// <param name="low">The first offset that the partition has.</param>
    /// <param name="high">The offset behind its last.</param>
    public static string? Loss(KafkaSlice slice, long low, long high) => slice switch
    {
        _ when high < slice.End => string.Create(
            CultureInfo.InvariantCulture,
            $"{slice.Where} ends at offset {high}, but had events up to {slice.End - 1}: it was truncated or made " +
            $"anew. If it was made anew, run the same command again."),
        _ when low > slice.First => string.Create(
            CultureInfo.InvariantCulture,
            $"{slice.Where} has lost offsets {slice.First} to {Math.Min(low, slice.End) - 1}: the earliest it has is " +
            $"{low}. If another cluster or a backup has them, read them from there. If not, start the partition at " +
            $"{low}, with new KafkaStart({slice.Partition}, {low}) in Starts, which leaves out the slices before it, " +
            $"and fetch more often than the topic forgets."),
        _ => null,
    };

    /// <summary>Of several errors, the first of those that say most.</summary>
    public static Error Cause(IReadOnlyList<Error> errors) => errors.Count == 0
        ? new(ErrorCode.Local_TimedOut)
        : errors.MaxBy(error => Weight(error.Code))!;

    public static SourceFaultException Of(Error error, KafkaServer server, string topic, Exception? inner = null)
    {
        var at = $"Kafka at {server.BootstrapServers}";
        var user = server.Security is KafkaSecurity.Sasl { User: var name }
            ? $"user '{name}'"
            : "a client without user";
        var reason = Reason(error.Reason);
        return error.Code switch
        {
            ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed
                or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState => new DeniedSourceException(
                    server.Security is KafkaSecurity.Sasl sasl
                        ? $"{at} refuses {user} with {sasl.Mechanism}: {reason}. Check the user, the mechanism and " +
                            $"the secret '{sasl.Secret}'."
                        : $"{at} refuses {user}: {reason}. Give Security a user.", inner),
            ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
                or ErrorCode.GroupAuthorizationFailed => new DeniedSourceException(
                    $"{at} does not let {user} read topic '{topic}': {reason}. Ask its owner for the rights Read and " +
                    "Describe on the topic.", inner),
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition
                or ErrorCode.UnknownTopicId or ErrorCode.TopicException => new SourceSchemaException(
                    $"{at} has no topic '{topic}', or not all the partitions that it had, or hides it from {user}. " +
                    "Check the name, its case and the cluster.", inner),
            ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize => new SourceSchemaException(TooLarge(), inner),
            ErrorCode.Local_BadMsg when reason.Contains("response size", StringComparison.Ordinal) =>
                new SourceSchemaException(TooLarge(), inner),
            ErrorCode.Local_BadMsg or ErrorCode.InvalidMsg or ErrorCode.Local_BadCompression =>
                new LostSourceDataException(
                    $"{at} sends damaged events of topic '{topic}': {reason}. Restore them from another replica, or " +
                    "read from a later offset.", inner),
            ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset => new LostSourceDataException(
                $"Events of topic '{topic}' expired while they were read: {reason}. Fetch more often than the topic " +
                "forgets, or read from a later offset.", inner),
            ErrorCode.Local_Ssl => new UnreachableSourceException(
                $"{at} cannot be trusted: {reason}. Give CaFile the certificates of who signed the broker's, and use " +
                "the name that its certificate has.", inner),
            ErrorCode.Local_Resolve => new UnreachableSourceException(
                $"{at} cannot be found: {reason}. Check the host names of BootstrapServers, and those that the " +
                "brokers advertise.", inner),
            _ => new UnreachableSourceException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{at} gave no answer within {server.TimeoutSeconds} s" +
                    $"{(SaysNothing(error.Code) ? "" : ": " + reason)}. Check that it runs and listens there, and " +
                    $"that Security is what it expects."), inner),
        };

        string TooLarge() => string.Create(
            CultureInfo.InvariantCulture,
            $"{at} sends more of topic '{topic}' at once than MaxMessageBytes = {server.MaxMessageBytes}: {reason}. " +
            $"Raise it to what the topic calls max.message.bytes.");
    }

    /// <summary>A reason without the address before it and the times behind it, which differ from run to run.</summary>
    public static string Reason(string reason)
    {
        // [thrd:host:port/bootstrap]:
        if (reason.StartsWith("[thrd:", StringComparison.Ordinal)
            && reason.IndexOf("]: ", StringComparison.Ordinal) is > 0 and var thread)
            reason = reason[(thread + 3)..];
        // host:port/bootstrap: or ssl://host:port/1:
        if (reason.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon
            && reason.AsSpan(0, colon) is var address && address.Contains('/') && !address.Contains(' '))
            reason = reason[(colon + 2)..];
        var after = reason.IndexOf(" (after ", StringComparison.Ordinal);
        return (after < 0 ? reason : reason[..after]).Trim().TrimEnd('.', ':', '?');
    }

    private static bool SaysNothing(ErrorCode code) => code is ErrorCode.Local_AllBrokersDown
        or ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue;

    private static int Weight(ErrorCode code) => code switch
    {
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism
            or ErrorCode.IllegalSaslState => 6,
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => 5,
        ErrorCode.Local_Ssl or ErrorCode.Local_BadMsg => 4,
        ErrorCode.Local_Resolve => 3,
        _ when SaysNothing(code) => 0,
        ErrorCode.Local_Transport => 1,
        _ => 2,
    };
}
