using System.Net.Mime;

namespace MLBuild.Sources.Http;

/// <summary>Recognises a page for people where data was expected: a login, an error, a proxy's notice.</summary>
internal static class WebPages
{
    public static bool IsOne(HttpReply reply) =>
        reply.ContentType is MediaTypeNames.Text.Html or "application/xhtml+xml";

    /// <param name="start">How it begins.</param>
    public static SourceSchemaException Fault(HttpReply reply, string expected, string start) => new(
        $"{reply.What} is a web page ({reply.ContentType ?? "of no type"}), expected {expected}. It begins: " +
        $"'{start}'. Servers show a login or an error so: check Url and Authentication, and whether a proxy is " +
        "between.");
}
