using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Confluent.Kafka;
using MLBuild.Stages.Tables;

namespace MLBuild.Sources.Kafka;

/// <summary>A file of JSON lines: where an event stood, then the members of its value in their order. Spaces and the
/// spelling of escapes are not kept; digits of numbers are.</summary>
internal sealed class EventLines : IDisposable
{
    private const int FileBuffer = 1 << 20;

    private readonly KafkaSlice _slice;
    private readonly KafkaKey _key;
    private readonly string _partition, _offset, _timestamp, _keyName;
    private readonly HashSet<string> _taken;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);

    public EventLines(string path, KafkaFetchOptions options)
    {
        (_slice, _key) = (options.Slice, options.Key);
        (_partition, _offset) = ($"{options.Prefix}partition", $"{options.Prefix}offset");
        (_timestamp, _keyName) = ($"{options.Prefix}timestamp", $"{options.Prefix}key");
        // Columns that differ in case only would be one column to whoever reads the lines.
        _taken = new([_partition, _offset, _timestamp, _keyName], StringComparer.OrdinalIgnoreCase);
        _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, FileBuffer);
        _json = new(_line, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Adds an event.</summary>
    /// <returns>Why it is none that can be added, or null. The line of the fault is the offset.</returns>
    /// <exception cref="SourceSchemaException">The value has a member that is called as one of ours.</exception>
    public RowFault? Add(long offset, Message<byte[]?, byte[]?> message)
    {
        if (message.Value is not { } value)
            return Fault("value", null, "a tombstone: its key " +
                $"'{(message.Key is null ? "" : RowFault.Shorten(message.Key))}' was deleted");
        if (!Utf8.IsValid(value))
            return Malformed("expected UTF-8");
        if (_key == KafkaKey.Text && !Utf8.IsValid(message.Key))
            return Fault("key", Convert.ToHexString(message.Key.AsSpan()[..Math.Min(message.Key!.Length, 40)]),
                "expected UTF-8; for other keys set Key to Base64 or LeftOut");
        if (message.Timestamp.Type != TimestampType.NotAvailable && !IsInCalendar(message.Timestamp.UnixTimestampMs))
            return Fault("timestamp", message.Timestamp.UnixTimestampMs.ToString(CultureInfo.InvariantCulture),
                "expected milliseconds since 1970 in the years 1 to 9999");
        try
        {
            using var document = JsonDocument.Parse(value, SourceJson.Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return Malformed($"expected a JSON object, not {document.RootElement.ValueKind}");
            if (Line(offset, message, document.RootElement) is { } repeated)
                return Malformed($"expected each member once, not '{repeated}' twice");
            _line.Write("\n"u8);
            _file.Write(_line.WrittenSpan);
            return null;
        }
        // What JSON allows to be written and no text can have.
        catch (InvalidOperationException)
        {
            return Malformed("expected text, not half of a surrogate pair");
        }
        catch (JsonException e)
        {
            return Malformed(FormattableString.Invariant(
                $"expected JSON, which it is not in its line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
        }

        RowFault Malformed(string reason) => Fault("value", RowFault.Shorten(value), reason);

        RowFault Fault(string column, string? text, string reason) =>
            new(FormattableString.Invariant($"{_slice.Topic}-{_slice.Partition}"), offset, column, text, reason);
    }

    /// <summary>Writes the line of an event, unless a member is in it twice.</summary>
    /// <returns>The name of that member.</returns>
    private string? Line(long offset, Message<byte[]?, byte[]?> message, JsonElement value)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _members.Clear();
        _json.WriteStartObject();
        _json.WriteNumber(_partition, _slice.Partition);
        _json.WriteNumber(_offset, offset);
        if (message.Timestamp.Type == TimestampType.NotAvailable)
            _json.WriteNull(_timestamp);
        else
            _json.WriteString(_timestamp, message.Timestamp.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (_key == KafkaKey.Text && message.Key is { } text)
            _json.WriteString(_keyName, text);
        else if (_key == KafkaKey.Base64 && message.Key is { } bytes)
            _json.WriteBase64String(_keyName, bytes);
        else if (_key != KafkaKey.LeftOut)
            _json.WriteNull(_keyName);
        foreach (var member in value.EnumerateObject())
        {
            var name = member.Name;
            if (_taken.Contains(name))
                throw new SourceSchemaException(FormattableString.Invariant(
                    $"{_slice.Where} offset {offset}: the event has a member '{name}', which is what the column is ") +
                    "called that says where an event stood. Set Prefix to what no member begins with.");
            if (!_members.Add(name))
                return name;
            member.WriteTo(_json);
        }
        _json.WriteEndObject();
        _json.Flush();
        return null;
    }

    private static bool IsInCalendar(long milliseconds) =>
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
