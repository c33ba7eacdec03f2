using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>Which members of the framework read the world around a program.</summary>
internal static class KnownInputs
{
    /// <summary>What a call reads, in words; null if it reads nothing that is known.</summary>
    /// <param name="before">The instructions before it, in their order.</param>
    public static (CodeFindingKind Kind, string What)? Of(MethodOperand called, ReadOnlySpan<Instruction> before)
    {
        var type = called.Owner.Element.Text;
        CodeFindingKind? kind = (type, called.Name) switch
        {
            ("System.DateTime", "get_Now" or "get_UtcNow" or "get_Today")
                or ("System.DateTimeOffset", "get_Now" or "get_UtcNow")
                or ("System.Diagnostics.Stopwatch", "StartNew" or "GetTimestamp" or ".ctor")
                or ("System.TimeProvider", "get_System")
                or ("System.Environment", "get_TickCount" or "get_TickCount64") => CodeFindingKind.Clock,
            ("System.Environment", "GetEnvironmentVariable" or "GetEnvironmentVariables" or "get_MachineName"
                or "get_UserName" or "get_UserDomainName" or "get_CurrentDirectory" or "get_ProcessorCount"
                or "get_CommandLine" or "GetCommandLineArgs" or "GetFolderPath" or "ExpandEnvironmentVariables"
                or "get_OSVersion" or "get_ProcessId" or "get_WorkingSet" or "get_SystemDirectory")
                or ("System.IO.Directory", "GetCurrentDirectory")
                or ("System.TimeZoneInfo", "get_Local")
                or ("System.AppContext", "get_BaseDirectory") => CodeFindingKind.Environment,
            ("System.Random", ".ctor") when called.Signature.ParameterTypes.IsEmpty => CodeFindingKind.Random,
            ("Microsoft.ML.MLContext", ".ctor") when IsWithoutSeed(before) => CodeFindingKind.Random,
            ("System.Random", "get_Shared") or ("System.Guid", "NewGuid" or "CreateVersion7")
                or ("System.Security.Cryptography.RandomNumberGenerator", _) => CodeFindingKind.Random,
            ("System.Diagnostics.Process", "Start") => CodeFindingKind.Process,
            ("System.Net.Http.HttpClient" or "System.Net.WebClient" or "System.Net.Sockets.Socket"
                or "System.Net.Sockets.TcpClient" or "System.Net.Sockets.UdpClient"
                or "System.Net.WebSockets.ClientWebSocket", ".ctor")
                or ("System.Net.WebRequest", "Create" or "CreateHttp")
                or ("System.Net.Dns", _) => CodeFindingKind.Network,
            ("System.IO.File" or "System.IO.Directory", _) or ("System.IO.FileStream" or "System.IO.StreamReader"
                or "System.IO.StreamWriter" or "System.IO.FileInfo" or "System.IO.DirectoryInfo", ".ctor")
                when Literal(called, before) is not null => CodeFindingKind.File,
            _ => null,
        };
        if (kind is not { } found)
            return null;
        var name = type[(type.LastIndexOfAny(['.', '+']) + 1)..];
        var literal = Literal(called, before);
        return (found, (found, called.Name, literal) switch
        {
            (CodeFindingKind.File, _, _) => $"\"{literal}\"",
            (CodeFindingKind.Environment, _, not null) => $"{name}.{called.Name}(\"{literal}\")",
            (_, ".ctor", _) => $"new {name}()",
            (_, var getter, _) when getter.StartsWith("get_", StringComparison.Ordinal) => $"{name}.{getter[4..]}",
            (_, var method, _) => $"{name}.{method}",
        });
    }

    /// <summary>The first argument, if it is written at the call.</summary>
    private static string? Literal(MethodOperand called, ReadOnlySpan<Instruction> before)
    {
        // Arguments behind it have to be as plain: anything else may have taken the text.
        var first = before.Length - called.Signature.ParameterTypes.Length;
        if (called.Signature.ParameterTypes.IsEmpty || first < 0 || before[first].Text is not { } text)
            return null;
        foreach (var instruction in before[(first + 1)..])
        {
            if (StackEffect.Of(instruction) != (0, 1))
                return null;
        }
        return text;
    }

    // new MLContext() is new MLContext(default(int?)).
    private static bool IsWithoutSeed(ReadOnlySpan<Instruction> before) =>
        before.Length >= 2 && before[^2] is
        {
            Code: ILOpCode.Initobj,
            Operand: TypeOperand { Type.Text: "System.Nullable`1" },
        };
}
