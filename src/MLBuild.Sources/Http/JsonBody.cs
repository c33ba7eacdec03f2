using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace MLBuild.Sources.Http;

/// <summary>A server's answer as JSON, or what is wrong with it.</summary>
internal static class JsonBody
{
    /// <summary>The text behind the mark that it is UTF-8, if it has one.</summary>
    /// <exception cref="SourceSchemaException">It is a web page, empty, or no UTF-8.</exception>
    public static ReadOnlyMemory<byte> Text(HttpReply reply, ReadOnlyMemory<byte> body, string expected)
    {
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        var start = body.Span.TrimStart(" \t\r\n"u8);
        if (WebPages.IsOne(reply) || start.StartsWith("<"u8))
            throw WebPages.Fault(reply, expected, reply.Excerpt(start));
        var charset = reply.Response.Content.Headers.ContentType?.CharSet?.Trim('"');
        var isOther = charset is not null && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);
        if (!Utf8.IsValid(body.Span) || (isOther && body.Span.IndexOfAnyExceptInRange((byte)0, (byte)127) >= 0))
            throw new SourceSchemaException($"{reply.What} is not UTF-8, the only encoding of JSON" +
                (isOther ? $", but {charset}. " : ". ") + "Ask the owner of the API, or fetch it as a file: Answer = " +
                "new HttpAnswer.File(\"answer.json\").");
        return body;
    }

    /// <param name="place">What it is: the page, or a line of it.</param>
    /// <exception cref="SourceSchemaException">It is no JSON, or not all of it.</exception>
    public static JsonDocument Parse(HttpReply reply, ReadOnlyMemory<byte> text, string place)
    {
        try
        {
            return JsonDocument.Parse(text, SourceJson.Options);
        }
        catch (JsonException e)
        {
            if (text.Span.Trim(" \t\r\n"u8).IsEmpty)
                throw new SourceSchemaException($"{place} is empty, expected JSON. Ask the owner of the API.", e);
            throw new SourceSchemaException(IsCut(text.Span)
                ? $"{place} is JSON that is cut off after {text.Length} bytes. It ends: '{reply.Ending(text.Span)}'. " +
                    "Run the same command again; if that does not help, ask the owner of the API."
                : $"{place} is no JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on. It begins: " +
                    $"'{reply.Excerpt(text.Span)}'. Check Url, Accept and Format against the API's documentation.", e);
        }
    }

    /// <summary>The JSON without the white space between its values; numbers and texts as they are written.</summary>
    public static void Compact(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> to)
    {
        to.ResetWrittenCount();
        for (var isText = false; json.Length > 0;)
        {
            // A text ends with a quote; in it, what follows a backslash is no end.
            var end = isText ? json.IndexOfAny("\"\\"u8) : json.IndexOfAny("\" \t\r\n"u8);
            if (end < 0)
            {
                to.Write(json);
                return;
            }
            if (!isText && json[end] != '"')
            {
                to.Write(json[..end]);
                json = json[(end + 1)..];
                continue;
            }
            var taken = json[end] == '\\' ? end + 2 : end + 1;
            if (json[end] == '"')
                isText = !isText;
            to.Write(json[..taken]);
            json = json[taken..];
        }
    }

    private static bool IsCut(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(SourceJson.ReaderOptions));
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
