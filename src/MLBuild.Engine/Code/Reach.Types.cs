using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>Which types count, and how much of each.</summary>
internal sealed partial class Reach
{
    /// <summary>Counts objects of a type as created.</summary>
    public void Create(CodeType type, CodeMethod? from)
    {
        if (builds.Contains(type) || !_created.Add(type))
            return;
        Enter(type.Module, from);
        var hierarchy = type.Hierarchy().ToArray();
        var interfaces = type.AllInterfaces().ToArray();
        // An external base or interface may call anything virtual.
        var isOpen = interfaces.Any(one => one.Form == TypeForm.External)
            || type.ExternalBase is not (null or { Text: "object" or "System.Object" or "System.ValueType" });
        foreach (var one in interfaces)
            Mention(one, from);
        foreach (var part in hierarchy)
        {
            if (builds.Contains(part))
                continue;
            if (part.Base is { } parent)
                Mention(parent, from);
            if (!part.IsGenerated)
                AddData(part, from);
            foreach (var method in part.Methods.Where(method => method.IsVirtual))
                Offer(method, from, isOpen || method.IsOverride && !IsSlotOf(hierarchy, part, method));
        }
        foreach (var method in interfaces.Select(one => one.Definition).OfType<CodeType>()
            .SelectMany(one => one.Methods).Where(method => !method.IsStatic && method.Body is not null))
            Offer(method, from, isCalled: false);
        if (_reflects)
            AddWhole(type, from);
    }

    // Whether a type above declares the slot: one that is the framework's is called by the framework.
    private static bool IsSlotOf(IEnumerable<CodeType> hierarchy, CodeType part, CodeMethod method) => hierarchy
        .SkipWhile(at => at != part).Skip(1).SelectMany(above => above.Methods)
        .Any(other => other is { IsVirtual: true, IsOverride: false } && other.Slots.Overlaps(method));

    /// <summary>Lets virtual calls end in the methods of a build's class.</summary>
    public void Offer(CodeType build)
    {
        if (!_created.Add(build))
            return;
        foreach (var method in build.Hierarchy().SelectMany(type => type.Methods).Where(method => method.IsVirtual)
            .Concat(build.AllInterfaces().Select(one => one.Definition).OfType<CodeType>()
                .SelectMany(one => one.Methods).Where(method => !method.IsStatic && method.Body is not null)))
            Offer(method, null, isCalled: false);
    }

    /// <summary>Counts all members of a type.</summary>
    public void AddWhole(CodeType type, CodeMethod? from)
    {
        if (builds.Contains(type) || _types.TryGetValue(type, out var extent) && extent == TypeExtent.Whole)
            return;
        if (type.IsGenerated)
        {
            Create(type, from);
            return;
        }
        _types[type] = TypeExtent.Whole;
        Enter(type.Module, from);
        if (!type.Module.IsCSharp)
            return;
        AddAttributes(type, from, whole: true);
        if (!type.IsInterface && !type.IsAbstract)
            Create(type, from);
        foreach (var method in type.Methods.Where(method => !method.IsGenerated))
            Add(method, from);
        foreach (var field in type.Fields.Where(field => !field.IsGenerated))
        {
            foreach (var part in field.FieldType.All().Select(part => part.Definition).OfType<CodeType>())
                AddWhole(part, from);
            if (field is { IsStatic: true, IsConstant: false })
                Touch(field, from);
        }
        if (type.Base?.Definition is { } parent)
            AddWhole(parent, from);
        if (type.IsAbstract)
        {
            foreach (var derived in code.DerivedFrom(type))
                AddWhole(derived, from);
        }
    }

    private void AddData(CodeType type, CodeMethod? from)
    {
        if (_types.TryGetValue(type, out var extent) && extent != TypeExtent.Header)
            return;
        if (!_types.ContainsKey(type))
            AddAttributes(type, from, whole: false);
        _types[type] = TypeExtent.Data;
        foreach (var field in type.Fields.Where(field => !field.IsStatic))
        {
            Mention(field.FieldType, from);
            AddAll(type, field.Definition.GetCustomAttributes(), from);
        }
        foreach (var property in type.Definition.GetProperties().Select(type.Module.Metadata.GetPropertyDefinition))
        {
            AddAll(type, property.GetCustomAttributes(), from);
            var accessors = property.GetAccessors();
            foreach (var accessor in new[] { accessors.Getter, accessors.Setter }.Where(one => !one.IsNil))
                Add(type.Module.Method(accessor), from);
        }
    }

    private void AddAttributes(CodeType type, CodeMethod? from, bool whole)
    {
        AddAll(type, type.Definition.GetCustomAttributes(), from);
        if (!whole)
            return;
        foreach (var field in type.Fields)
            AddAll(type, field.Definition.GetCustomAttributes(), from);
        foreach (var property in type.Definition.GetProperties().Select(type.Module.Metadata.GetPropertyDefinition))
            AddAll(type, property.GetCustomAttributes(), from);
    }

    private void AddAll(CodeType type, CustomAttributeHandleCollection attributes, CodeMethod? from)
    {
        foreach (var attribute in AttributeText.Of(code, type.Module, attributes))
            Add(attribute, from);
    }

    private void Add(AttributeText attribute, CodeMethod? from)
    {
        if (attribute.Constructor.Owner.Assembly is { } assembly)
            _assemblies.Add(assembly);
        if (attribute.Constructor.User is { } constructor)
        {
            // Who reads attributes creates them.
            Add(constructor, from);
            Create(constructor.Type, from);
        }
        foreach (var type in attribute.Types)
            AddWhole(type, from);
        if (attribute.Name == "System.Runtime.CompilerServices.UnsafeAccessorAttribute"
            && from?.Signature.ParameterTypes is [var target, ..] && target.Element.Definition is { } reached)
            AddWhole(reached, from);
    }

    private void ReflectOverAll(CodeMethod from)
    {
        if (_reflects)
            return;
        _reflects = true;
        foreach (var type in _created.ToArray())
            AddWhole(type, from);
    }
}
